"""Masks drawn by a person, filled from the frames around: for what no detector should decide.

Only the moments that a retouch names are touched, and in them only what was drawn and a feather of two pixels.
"""

from restoration.engine.repair.retouch.mending import fill_in, reach
from restoration.engine.repairing import Repair

REPAIR = Repair("retouch", is_on=bool, mend=fill_in, reach=reach)
