"""How faithful a master stayed to its recording, over all its shots: what the version's page certifies and the delivery
sheet prints."""

from bisect import bisect_right
from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, fields
from math import sqrt
from typing import Any

from restoration.engine.facts import LEAST_DECIBELS, MOST_COLOUR, MOST_DRIFT, Faithfulness, Shot, Worst, decibels
from restoration.models import RunShot, Version
from restoration.vocabularies import WorkState


@dataclass(frozen=True)
class Certificate:
    """decibels: PSNR of luma between the master brought down to the source's raster and the repaired source, over all
    frames looked at. colour: how far large areas moved, CIE Lab. unexplained: share of luma's energy that the source's
    raster cannot hold. unsteadiness: how much the master changes from frame to frame, of what the repaired source does;
    None where that stands still. Each `worst` names the master's frame. faces: how many were compared; drift: how far
    their marks lie from the source's, pixels of its raster. shots_beyond: how many of the shots, each with all its
    parts, miss least_decibels, most_colour or most_drift.
    """

    looked_at: int
    decibels: float
    worst: Worst
    colour: float
    worst_colour: Worst
    unexplained: float
    worst_unexplained: Worst
    unsteadiness: float | None
    shots: int
    shots_beyond: int
    faces: int = 0
    drift: float = 0.0
    worst_drift: Worst | None = None

    least_decibels: float = LEAST_DECIBELS
    most_colour: float = MOST_COLOUR
    most_drift: float = MOST_DRIFT

    @property
    def holds(self) -> bool:
        return self.shots_beyond == 0

    def as_json(self) -> dict[str, Any]:
        values = {each.name: getattr(self, each.name) for each in fields(self)}
        return {"holds": self.holds, **{name: value.model_dump() if isinstance(value, Worst) else value
                                        for name, value in values.items()}}


def finished_shots(version: Version) -> list[RunShot]:
    """The shots that the newest run of a version has finished, in order. Shots that an earlier one finished are among
    them, unless the engine that planned it was another."""
    return finished_of([version.pk]).get(version.pk, [])


def finished_of(versions: Iterable[int]) -> dict[int, list[RunShot]]:
    """The same of several versions, by their keys; asks once."""
    newest: dict[int, list[RunShot]] = {}
    for shot in RunShot.objects.filter(run__version__in=list(versions), state=WorkState.FINISHED).select_related(
            "run").order_by("run__number", "index"):
        shots = newest.setdefault(shot.run.version_id, [])
        if shots and shots[0].run_id != shot.run_id:
            shots.clear()
        shots.append(shot)
    return newest


def parts_of(shots: Iterable[RunShot], whole: Sequence[Shot]) -> dict[int, list[RunShot]]:
    """The finished parts of each shot of an analysis, by its index: a long shot is made in several."""
    starts = [shot.start for shot in whole]
    parts: dict[int, list[RunShot]] = defaultdict(list)
    for part in shots:
        place = bisect_right(starts, part.start) - 1
        parts[whole[place].index if place >= 0 else -1].append(part)
    return parts


def certificate_of(shots: Iterable[RunShot], whole: Sequence[Shot]) -> Certificate | None:
    """Of a version's finished shots, which are parts of these of its analysis; None where nothing was enhanced, or
    where it was not measured."""
    told = [_together([Faithfulness.model_validate(part.faithfulness) for part in measured])
            for parts in parts_of(shots, whole).values() if (measured := [part for part in parts if part.faithfulness])]
    return _summed(told) if told else None


def _summed(told: Sequence[Faithfulness]) -> Certificate:
    """told: of whole shots, for the limits are asked of these."""
    every = _together(told)
    return Certificate(
        looked_at=every.looked_at, decibels=decibels(every.error), worst=every.worst,
        colour=every.colour, worst_colour=every.worst_colour,
        unexplained=every.unexplained, worst_unexplained=every.worst_unexplained,
        unsteadiness=sqrt(every.moved / every.source_moved) if every.source_moved else None,
        shots=len(told), shots_beyond=sum(not each.holds for each in told),
        faces=every.faces, drift=every.drift, worst_drift=every.worst_drift)


def _together(told: Sequence[Faithfulness]) -> Faithfulness:
    """As if all their frames had been of one shot."""
    frames, faces = sum(each.looked_at for each in told), sum(each.faces for each in told)

    def mean(values: Iterable[float]) -> float:
        return sum(value * each.looked_at for value, each in zip(values, told, strict=True)) / frames

    return Faithfulness(
        looked_at=frames, error=mean(each.error for each in told),
        worst=min((each.worst for each in told), key=lambda worst: worst.value),
        colour=mean(each.colour for each in told),
        worst_colour=max((each.worst_colour for each in told), key=lambda worst: worst.value),
        unexplained=mean(each.unexplained for each in told),
        worst_unexplained=max((each.worst_unexplained for each in told), key=lambda worst: worst.value),
        moved=sum(each.moved for each in told), source_moved=sum(each.source_moved for each in told),
        faces=faces, drift=sum(each.drift * each.faces for each in told) / max(1, faces),
        worst_drift=max((each.worst_drift for each in told if each.worst_drift), key=lambda worst: worst.value,
                        default=None))
