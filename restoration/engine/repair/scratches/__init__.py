"""Vertical scratches: lines that stay near one column while the scene goes its own way. `lines` finds what stands
upright, `tracking` tells scratches from what belongs to the scene, `mending` takes their profile off."""

from collections.abc import Mapping

from restoration.engine.errors import gettext_noop
from restoration.engine.facts import Defect
from restoration.engine.repair.scratches.lines import lines
from restoration.engine.repair.scratches.mending import covered, mend_scratches, threshold_for
from restoration.engine.repair.scratches.tracking import LOOK, scratches_of
from restoration.engine.repairing import Advice, Repair
from restoration.engine.specimen import Finding, Specimen


def measure(specimen: Specimen) -> Mapping[str, Finding]:
    """The length of all scratches of the middle moment, in heights of the picture, with their mask."""
    if not specimen.has_both_sides:
        return {}
    threshold = threshold_for(0.5, specimen.noise_sigma[0])
    here = lines(specimen.now[0], threshold)
    if not here:
        return {"scratches": Finding(0.0, 0.9)}
    flows = [specimen.flow(index + 1, here=index) for index in range(len(specimen.planes) - 1)]
    torn = scratches_of([planes[0] for planes in specimen.planes], flows, specimen.middle, here)
    length = sum(line.length for line in torn) / specimen.now.shape[1]
    return {"scratches": Finding(length, 0.85, covered(specimen.now, torn) if torn else None)}


def _chosen(defect: Defect) -> Mapping[str, object]:
    return {"enabled": True}


REPAIR = Repair(
    "scratches", is_on=lambda settings: settings.enabled, mend=mend_scratches, reach=lambda settings: LOOK,
    measure=measure, advice=(Advice("scratches", _chosen, gettext_noop(
        "Scratches of {value:.1f} heights of the picture run through {shots} of the shots and do not move with the "
        "scene; their profile is taken off.")),))
