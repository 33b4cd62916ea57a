"""One case on one half: every clip damaged, mended by Patina and by each oracle, scored, and asked of the detectors."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from statistics import mean
from typing import Any, cast

import torch
from torch import Tensor

from benchmarks.quality import detection
from benchmarks.quality.case import Case, Oracle
from benchmarks.quality.mending import Mended, Order, mend
from benchmarks.quality.oracles import CannotRun, ask
from benchmarks.quality.scores import MaskScore, Score, area_under_curve, changed_share, decibels, score
from benchmarks.quality.truth import Clean
from restoration.engine import reaching
from restoration.engine.ageing import Aged
from restoration.engine.defects import DEFECTS
from tests.concert import EFFECTS

COUNTED = 0.3  # Severity from which a detector must find the damage.
GUARD_SIZE = (360, 240)
Json = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Sample:
    clean: Clean
    seed: int
    aged: Aged

    @property
    def order(self) -> Order:
        return cast(Order, self.aged.order)

    @property
    def before(self) -> Tensor:
        """What is seen without a repair: of frames that hold two moments, each frame twice."""
        return self.aged.clip.repeat_interleave(max(1, len(self.aged.truth) // len(self.aged.clip)), 0)

    @property
    def masks(self) -> Tensor | None:
        """The true masks where they are of the truth's frames."""
        masks = self.aged.masks
        return masks if masks is None or len(masks) == len(self.aged.truth) else None


def samples(case: Case, clips: Sequence[Clean], seeds: Sequence[int]) -> Iterator[Sample]:
    """One at a time: each clip with its own seed in turn, so that no two have the same damage. A clip on which local
    damage finds no place (bands, where nothing is dark) is passed over."""
    for number, clean in enumerate(clips):
        seed = seeds[number % len(seeds)] + 10 * number
        sample = Sample(clean, seed, case.age(clean.planes, seed))
        if not case.is_local or sample.masks is None or bool(sample.masks.any()):
            yield sample


def measure_case(case: Case, clips: Sequence[Clean], seeds: Sequence[int], tuned: Json) -> Json:
    """Everything that the tables say of a case. tuned: {oracle: values}, from the tuning half."""
    rows, found, harms = [], MaskScore(), []
    for sample in samples(case, clips, seeds):
        mended = _mended(case, sample)
        rows.append(_scored(case, sample, mended, tuned))
        harms.append(_harm(case, sample, mended))
        if mended and mended.masks is not None and sample.masks is not None:
            found.add(mended.masks, sample.masks)
    has_mask = found.found > 0 and case.is_local
    return {"case": case.name, "title": case.title, "is_local": case.is_local, "detects": case.detects, "clips": rows,
            "harm": harms, "guards": _guards(case),
            "mask": {"precision": found.precision, "recall": found.recall, "f1": found.f1} if has_mask else None,
            "detection": _detection(case, clips, seeds)}


def goal(case: Case, sample: Sample, made: Tensor) -> float:
    """The number that counts: all three planes, inside the mask for local damage."""
    return decibels(made, sample.aged.truth, sample.masks if case.is_local else None)


def timed(case: Case, sample: Sample, made: Tensor) -> Tensor:
    """One made frame for each true one. Where the damage changed how many there are, that is the one most like it of
    the three around its time. Raises CannotRun where their number is wrong otherwise."""
    truth = sample.aged.truth
    if not case.is_retimed:
        if made.shape != truth.shape:
            raise CannotRun(f"gave {len(made)} frames, not {len(truth)}")
        return made
    last, pace = len(made) - 1, len(made) / len(truth)
    chosen = [min({min(max(round(number * pace) + beside, 0), last) for beside in (-1, 0, 1)},
                  key=lambda at: float((made[at] - wanted).square().mean())) for number, wanted in enumerate(truth)]
    return made[chosen]


def _mended(case: Case, sample: Sample) -> Mended | None:
    settings = case.settings(sample.aged)
    if not reaching.repairs_on(settings):
        return None
    return mend(sample.aged.clip, settings, sample.order, case.noise_sigma)


def _scored(case: Case, sample: Sample, mended: Mended | None, tuned: Json) -> Json:
    oracles = {oracle.name: _asked(case, sample, oracle, tuned) for oracle in case.oracles}
    return {"clip": sample.clean.name, "seed": sample.seed, "frames": len(sample.aged.truth),
            "before": _scores(case, sample, timed(case, sample, sample.before)),
            "patina": None if mended is None else {
                **_scores(case, sample, timed(case, sample, mended.clip)), "cpu": mended.cpu,
                "backed_off": mended.backed_off, "pixels": sample.aged.clip[:, 0].numel(),
                "changed": None if mended.masks is None else float(mended.masks.float().mean())},
            "oracles": oracles}


def _asked(case: Case, sample: Sample, oracle: Oracle, tuned: Json) -> Json:
    if len(oracle.tried) > 1 and oracle.name not in tuned:
        return {"cannot": "not tuned yet"}
    values = tuned.get(oracle.name, oracle.tried[0])
    try:
        answer = ask(oracle, values, sample.aged.clip, sample.order)
        made = timed(case, sample, answer.planes)
    except CannotRun as error:
        return {"cannot": str(error)}
    return {**_scores(case, sample, made), "works_in": answer.works_in, "values": values,
            "cpu": answer.seconds}


def _scores(case: Case, sample: Sample, made: Tensor) -> Json:
    truth, masks = sample.aged.truth, sample.masks
    inside = score(made, truth, masks)
    outside: Score | None = None if masks is None else score(made, truth, ~masks)
    return {"goal": goal(case, sample, made), "inside": inside and inside.as_json(),
            "outside": outside and outside.as_json()}


def _harm(case: Case, sample: Sample, mended: Mended | None) -> Json | None:
    """Outside the true mask against the untouched frame; the clean clip with the repair forced on. Where fields become
    frames whatever they hold, no clean clip is there to be left alone."""
    if mended is None:
        return None
    aged, masks = sample.aged, sample.masks
    apart = decibels(mended.clip, aged.clip, ~masks) if masks is not None and case.is_local else None
    if len(mended.clip) != len(aged.clip):
        return {"clip": sample.clean.name, "outside": apart, "forced": None, "identical": None}
    clean = aged.truth
    undamaged = Aged(clean, aged.truth, None if aged.masks is None else torch.zeros_like(aged.masks), aged.order)
    forced = mend(clean, case.settings(undamaged), sample.order, (0.0, 0.0) if case.noise_sigma == (0.0, 0.0) else None)
    same = [bool(torch.equal(one, other)) for one, other in zip(forced.clip, aged.truth, strict=True)]
    return {"clip": sample.clean.name, "outside": apart, "forced": decibels(forced.clip, aged.truth),
            "identical": mean(same)}


def _guards(case: Case) -> Json:
    """Share of pixels that a repair forced on changes by more than an 8-bit step, for each effect of a concert."""
    changed: Json = {}
    for name, effect in EFFECTS.items():
        clip = effect(10, GUARD_SIZE, 5)
        order = case.age(clip, 1).order
        scan = detection.scanned(clip, cast(Order, order))
        settings = case.settings(Aged(scan, clip, None, order))
        if settings.fields.method != "none":
            return {}
        noise = (0.0, 0.0) if case.noise_sigma == (0.0, 0.0) else None
        changed[name] = changed_share(mend(scan, settings, cast(Order, order), noise).clip, scan)
    return changed


def _detection(case: Case, clips: Sequence[Clean], seeds: Sequence[int]) -> Json | None:
    """AUC of damaged clips of all strengths and seeds against clean ones and the effects of a concert."""
    if case.detects is None:
        return None
    damaged: list[float | None] = []
    order: Order = None
    for clean in clips:
        for age in (case.age, *case.others):
            for seed in seeds:
                aged = age(clean.planes, seed)
                order = cast(Order, aged.order)
                if _counts(case, aged):
                    damaged.append(detection.value(case.detects, aged.clip, order))
    # What fields are told from is whole frames; other damage of interlaced tape is told from clean interlaced frames.
    told_from = None if case.detects == "combing" else order
    whole = [clean.planes for clean in clips] + [effect(12, GUARD_SIZE, 6) for effect in EFFECTS.values()]
    clean_values = [detection.value(case.detects, detection.scanned(clip, told_from), told_from) for clip in whole]
    if None in damaged or None in clean_values:
        return None
    known = [[value for value in values if value is not None] for values in (damaged, clean_values)]
    return {"auc": area_under_curve(*known), "damaged": known[0], "clean": known[1]}


def _counts(case: Case, aged: Aged) -> bool:
    scale = DEFECTS[case.detects or ""]
    if case.amount is not None:
        return scale.severity(case.amount(aged)) >= COUNTED
    if scale.unit == "per mille" and aged.masks is not None:
        return scale.severity(1000 * float(aged.masks.float().mean())) >= COUNTED
    return True
