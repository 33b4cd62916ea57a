"""Everything that is asked of a specimen or of a trace: what each repair recognises, and what nothing mends."""

from restoration.engine.analysis import levels, sharpness
from restoration.engine.repair import REPAIRS
from restoration.engine.repairing import Repair
from restoration.engine.specimen import Measure

MEASURES: tuple[Measure, ...] = (*(repair.measure for repair in REPAIRS if repair.measure is not None),
                                 sharpness.measure, levels.measure)
TRACED: tuple[Repair, ...] = tuple(repair for repair in REPAIRS if repair.tracer and repair.judge)
