"""From the defects of all shots to repairs: on for the reel where most of it needs them, with exceptions for the shots
that differ; each with its reason."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from restoration.engine.facts import Defect, Reason, Shot
from restoration.engine.repair import REPAIRS
from restoration.engine.repairing import Advice, Repair
from restoration.engine.settings import REEL_CONSTANT, Override, Settings

SURE = 0.5
MOST = 0.5  # Share of the reel's frames from which a repair is on for the whole reel.
OFF = {"enabled": False}


@dataclass(frozen=True, slots=True)
class _Case:
    """One advice and the shots it is for."""

    repair: Repair
    advice: Advice
    shots: tuple[Shot, ...]
    share: float
    worst: Defect

    def reason(self, field: str) -> Reason:
        values = {"value": self.worst.value, "severity": self.worst.severity, "shots": len(self.shots),
                  "share": self.share, **self.worst.hints}
        return Reason(field=f"{self.repair.name}.{field}", text=self.advice.text, values=values)


def advise(settings: Settings, shots: Sequence[Shot]) -> tuple[Settings, tuple[Reason, ...]]:
    """The settings with every repair that the shots' defects ask for, and why. What `settings` already has on is left
    as it is."""
    reasons: list[Reason] = []
    overrides: list[Override] = []
    for case in _cases(settings, shots):
        chosen = dict(case.advice.choose(case.worst))
        if not chosen:
            continue
        name = case.repair.name
        if case.share >= MOST or name in REEL_CONSTANT:
            section = getattr(settings, name)
            settings = settings.model_copy(update={name: section.model_copy(update=chosen)})
            others = [shot for shot in shots if shot not in case.shots]
            overrides += _for(others, {name: OFF}) if name not in REEL_CONSTANT else []
        else:
            overrides += _for(case.shots, {name: chosen})
        reasons.append(case.reason(next(iter(chosen))))
    merged = settings.model_copy(update={"overrides": (*settings.overrides, *overrides)})
    return Settings.model_validate(merged.model_dump()), tuple(reasons)


def _cases(settings: Settings, shots: Sequence[Shot]) -> Iterable[_Case]:
    total = sum(shot.frames for shot in shots)
    for repair in REPAIRS:
        if repair.is_on(getattr(settings, repair.name)):
            continue
        for advice in repair.advice:
            found = [(shot, defect) for shot in shots for defect in shot.defects
                     if defect.name == advice.defect and defect.severity >= advice.least and defect.confidence >= SURE]
            share = sum(shot.frames for shot, _ in found) / total if total else 0.0
            if advice.in_every_shot and len(found) < len(shots):
                continue
            if found and (share >= MOST or repair.name not in REEL_CONSTANT):
                pick = min if advice.in_every_shot else max
                yield _Case(repair, advice, tuple(shot for shot, _ in found), share,
                            pick((defect for _, defect in found), key=lambda defect: defect.severity))
                break


def _for(shots: Sequence[Shot], changes: Mapping[str, Mapping[str, Any]]) -> list[Override]:
    """One override for each run of neighbouring shots."""
    runs: list[tuple[int, int]] = []
    for shot in shots:
        if runs and runs[-1][1] == shot.start:
            runs[-1] = runs[-1][0], shot.end
        else:
            runs.append((shot.start, shot.end))
    return [Override(start=start, end=end, changes={name: dict(values) for name, values in changes.items()})
            for start, end in runs]
