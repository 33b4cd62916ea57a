"""Vertical scratches: lines that stay near one column while the scene goes its own way. `lines` finds what stands
upright, `tracking` tells scratches from what belongs to the scene, `profile` takes them off, `mending` takes a shot
through."""

from collections.abc import Mapping

from restoration.engine.errors import gettext_noop
from restoration.engine.facts import Defect
from restoration.engine.repair.scratches.mending import mend_scratches, scratched, threshold_for
from restoration.engine.repair.scratches.moments import Moment
from restoration.engine.repair.scratches.profile import covered
from restoration.engine.repair.scratches.tracking import LOOK
from restoration.engine.repairing import Advice, Repair
from restoration.engine.specimen import Finding, Specimen


def measure(specimen: Specimen) -> Mapping[str, Finding]:
    """The length of all scratches of the middle moment, in heights of the picture, with their mask."""
    if not specimen.has_both_sides:
        return {}
    threshold = threshold_for(0.5, specimen.noise_sigma[0])
    torn = scratched([Moment(planes, threshold) for planes in specimen.planes], specimen.middle)
    length = sum(float(scratch.there.float().mean()) for scratch in torn)
    return {"scratches": Finding(length, 0.85 if torn else 0.9, covered(specimen.now, torn) if torn else None)}


def _chosen(defect: Defect) -> Mapping[str, object]:
    return {"enabled": True}


REPAIR = Repair(
    "scratches", is_on=lambda settings: settings.enabled, mend=mend_scratches, reach=lambda settings: LOOK,
    measure=measure, advice=(Advice("scratches", _chosen, gettext_noop(
        "Scratches of {value:.1f} heights of the picture run through {shots} of the shots and do not move with the "
        "scene; their profile is taken off.")),))
