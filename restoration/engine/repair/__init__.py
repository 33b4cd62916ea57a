"""Removing what time did. One file per defect; no repair knows another. They run in this order: the signal of the tape
first, on fields as they were recorded; then fields become frames; then steadiness and light, single damage, and noise
along the motion; then what compression and the tape left, and the colour of the whole reel."""

from restoration.engine.repair import (
    banding,
    blocking,
    blotches,
    chromadelay,
    crosscolor,
    dropouts,
    fade,
    fields,
    flicker,
    linejitter,
    noise,
    retouch,
    scratches,
    softness,
    weave,
)
from restoration.engine.repairing import Repair

BEFORE_FIELDS: tuple[Repair, ...] = (crosscolor.REPAIR, linejitter.REPAIR, chromadelay.REPAIR, dropouts.REPAIR)
FIELDS = fields.REPAIR
AFTER_FIELDS: tuple[Repair, ...] = (weave.REPAIR, flicker.REPAIR, scratches.REPAIR, blotches.REPAIR, retouch.REPAIR,
                                    noise.REPAIR, blocking.REPAIR, softness.REPAIR, banding.REPAIR, fade.REPAIR)
REPAIRS: tuple[Repair, ...] = (*BEFORE_FIELDS, FIELDS, *AFTER_FIELDS)
