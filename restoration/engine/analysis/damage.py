"""What is wrong with a shot, gathered from what was measured on some of its frames."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from heapq import heappush, heappushpop
from statistics import median

from torch import Tensor

from restoration.engine.analysis.noise_level import NoiseSample, of_shot
from restoration.engine.analysis.stillness import Stillness
from restoration.engine.defects import DEFECTS
from restoration.engine.facts import Defect, Shot, Traits
from restoration.engine.specimen import Finding

LEAST_SEVERITY = 0.1
OFTEN = 1.5  # The inverse of the share of specimens in which damage is seen, from which its finding is believed whole.
WORST = 3
MOST_SAMPLES = 256
MOST_FACES = 3
TOLD = 1.5 / 255  # Noise below which compression leaves clumps of its own.


@dataclass(frozen=True, slots=True)
class Sample:
    """Measures of one frame; noise is None where it was not measured, or could not be told."""

    number: int
    noise: NoiseSample | None
    darkness: float


def measure(number: int, planes: Tensor) -> Sample:
    """The measures of planes [3, H, W] that need no other frame."""
    return Sample(number, None, float((planes[0, ::4, ::4] < 0.05).float().mean()))


@dataclass
class Damage:
    """Gathers the measures of one shot, in bounded memory: past a number of samples every other one is let go."""

    samples: list[Sample] = field(default_factory=list)
    combed_most: list[tuple[float, int]] = field(default_factory=list)
    combed_sum: float = 0.0
    frames: int = 0
    stillness: Stillness = field(default_factory=Stillness)
    looks: int = 0
    faces: list[tuple[int, int]] = field(default_factory=list)
    findings: dict[str, list[tuple[Finding, int]]] = field(default_factory=dict)
    _stride: int = 1
    _offered: int = 0

    def add(self, sample: Sample) -> None:
        self._offered += 1
        if self._offered % self._stride:
            return
        self.samples.append(sample)
        if len(self.samples) > MOST_SAMPLES:
            self.samples = self.samples[::2]
            self._stride *= 2

    def add_findings(self, number: int, findings: Mapping[str, Finding]) -> None:
        """What detectors said of a specimen around that frame. Its mask is not kept: it can be made again."""
        for name, finding in findings.items():
            self.findings.setdefault(name, []).append((replace(finding, mask=None), number))

    def add_faces(self, number: int, count: int) -> None:
        """How many faces a moment showed."""
        self.looks += 1
        if count:
            self.faces.append((count, number))

    def add_combing(self, number: int, share: float) -> None:
        self.frames += 1
        self.combed_sum += share
        push = heappush if len(self.combed_most) < WORST else heappushpop
        push(self.combed_most, (share, number))

    def described(self, shot: Shot, *, has_fields: bool) -> Shot:
        """The shot with its noise and its defects; combing counts only where fields of two moments were found."""
        noises = [(sample.noise, sample.number) for sample in self.samples if sample.noise]
        luma, chroma = self.level
        found = [_defect("darkness", [(sample.darkness, sample.number) for sample in self.samples], 0.5),
                 _defect("noise", [(255 * noise.luma, number) for noise, number in noises], _confidence(noises),
                         value=255 * luma, hints=_bands([noise for noise, _ in noises])),
                 _defect("colour noise", [(255 * noise.chroma, number) for noise, number in noises],
                         _confidence(noises), value=255 * chroma)]
        if has_fields and self.frames:
            found.append(_defect("combing", self.combed_most, 0.9, value=self.combed_sum / self.frames))
        found += [_gathered(name, findings) for name, findings in self.findings.items()]
        defects = sorted((defect for defect in found if defect), key=lambda defect: -defect.severity)
        levels = {"noise_luma": luma, "noise_chroma": chroma} if noises else {}
        return shot.model_copy(update={"defects": tuple(defects), "traits": self.traits(), **levels})

    def traits(self) -> Traits:
        noises = [sample.noise for sample in self.samples if sample.noise]
        told = [min(noise.along, noise.across) for noise in noises if noise.luma > TOLD]
        shown, still = self.stillness.seen()
        return Traits(
            clumping=round(median(told), 3) if told else None, noise_by_luma=_by_luma(noises), looks=self.looks,
            with_faces=len(self.faces), faces=max((count for count, _ in self.faces), default=0),
            face_frames=tuple(sorted(number for _, number in sorted(self.faces, reverse=True)[:MOST_FACES])),
            shown=shown, still=still)

    @property
    def level(self) -> tuple[float, float]:
        """Standard deviation of luma and chroma as far as it was measured, on the 0..1 scale."""
        return of_shot([sample.noise for sample in self.samples if sample.noise])


def _by_luma(noises: list[NoiseSample]) -> tuple[float | None, ...]:
    """The middle of all samples in each eighth of the luma scale, on the 0..1 scale."""
    bands = zip(*(noise.by_luma for noise in noises), strict=True)
    measured = ([sigma for sigma in band if sigma is not None] for band in bands)
    return tuple(round(median(band), 5) if band else None for band in measured)


def _bands(noises: list[NoiseSample]) -> dict[str, float]:
    """The same in 1/255, as hints: "luma 1" is the darkest eighth."""
    return {f"luma {band}": 255 * sigma for band, sigma in enumerate(_by_luma(noises), start=1) if sigma is not None}


def _confidence(noises: list[tuple[NoiseSample, int]]) -> float:
    """High where the samples of the shot agree."""
    values = [noise.luma for noise, _ in noises]
    if len(values) < 3:
        return 0.4
    spread = median(abs(value - median(values)) for value in values) / (median(values) + 1e-6)
    return max(0.3, min(0.95, 1 - spread))


def _defect(name: str, values: Iterable[tuple[float, int]], confidence: float, *, value: float | None = None,
            hints: Mapping[str, float] | None = None) -> Defect | None:
    worst = sorted(values, reverse=True)
    if not worst:
        return None
    value = median(found for found, _ in worst) if value is None else value
    scale = DEFECTS[name]
    severity = scale.severity(value)
    if severity < LEAST_SEVERITY:
        return None
    return Defect(name=name, severity=round(severity, 2), confidence=round(confidence, 2), value=round(value, 4),
                  unit=scale.unit, hints={key: round(hint, 4) for key, hint in (hints or {}).items()},
                  frames=tuple(sorted(number for _, number in worst[:WORST])))


def _gathered(name: str, findings: list[tuple[Finding, int]]) -> Defect | None:
    """The mean over all specimens, so that what is rare weighs as little as it is; numbers for a recommendation by
    their middle."""
    value = sum(finding.value for finding, _ in findings) / len(findings)
    sure = sum(finding.confidence for finding, _ in findings) / len(findings)
    seen = sum(finding.value > 0 for finding, _ in findings) / len(findings)
    # What only one look in many finds is more likely a mistake than damage.
    sure *= min(1.0, OFTEN * seen) if DEFECTS[name].is_local else 1.0
    keys = dict.fromkeys(key for finding, _ in findings for key in finding.hints)
    hints = {key: median(finding.hints[key] for finding, _ in findings if key in finding.hints) for key in keys}
    frames = [(finding.value, frame) for finding, number in findings for frame in (finding.worst or (number,))
              if finding.value > 0]
    return _defect(name, frames, sure, value=value, hints=hints)
