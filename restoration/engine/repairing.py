"""What a repair is: one piece of knowledge that recognises a defect and mends it."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from restoration.engine.defects import TRAINED_EYE
from restoration.engine.facts import Defect
from restoration.engine.specimen import Judge, Measure, Tracer
from restoration.engine.stage import ShotContext, Stage


def nowhere(settings: Any) -> int:
    """For repairs that look at no other frame."""
    return 0


@dataclass(frozen=True, slots=True)
class Advice:
    """When a defect is worth mending, and how.

    choose: from the defect as it was measured (over many shots: the worst of those that have it) to the fields of the
    repair's section; nothing where it is better left alone. text: one English sentence with {placeholders}, marked for
    translation; it may use {value}, {severity}, {shots} (how many have it), {share} (of the reel's frames) and the
    defect's hints. From `least` severity on, where the detector is at least half sure. in_every_shot: only where every
    shot has it, and then by the mildest of them.
    """

    defect: str
    choose: Callable[[Defect], Mapping[str, Any]]
    text: str
    least: float = TRAINED_EYE
    in_every_shot: bool = False


@dataclass(frozen=True, slots=True)
class Repair:
    """One defect, recognised and mended in one file.

    name: its section of the settings, and its word in ledgers and errors. is_on: whether its settings ask for anything.
    mend: the stage for one shot. reach: how many of the frames that enter it looks at on each side. measure: what it
    says of a specimen, by name of the defect. A repair that needs to know every moment of a longer time has a tracer,
    a judge for the rows of a shot, and a trace_reach: how many moments around a shot its mending wants traced.
    advice: when to recommend it.
    """

    name: str
    is_on: Callable[[Any], bool]
    mend: Callable[[Any, ShotContext], Stage]
    reach: Callable[[Any], int] = nowhere
    measure: Measure | None = None
    tracer: Callable[[], Tracer] | None = None
    judge: Judge | None = None
    trace_reach: int = 0
    advice: tuple[Advice, ...] = ()
