"""Dust, dirt and snow: what is there in one moment and gone in the next, found and filled along the motion.

`suspects` says what stands out and how much it looks like dirt, `tearing` what comes and goes between things that move,
`guards` what is picture all the same, `filling` what to put there, `mending` how a shot goes through it. Where the
neighbours do not agree on what lies under it, nothing is taken for dirt: there would be nothing to fill it with. Reads
up to eight stored frames on each side, since films are often stored with every frame two or three times.
"""

from collections.abc import Mapping

import numpy as np

from restoration.engine.defects import TRAINED_EYE
from restoration.engine.errors import gettext_noop
from restoration.engine.facts import Defect
from restoration.engine.repair.blotches import guards
from restoration.engine.repair.blotches.filling import grown
from restoration.engine.repair.blotches.mending import REACH, mend_blotches
from restoration.engine.repair.blotches.suspects import (
    Around,
    Suspects,
    first_look,
    limit_for,
    looks,
    suspects,
    threshold_for,
)
from restoration.engine.repairing import Advice, Repair
from restoration.engine.specimen import Finding, Specimen
from restoration.engine.stage import MOST_DAMAGED

# Of what looks like no dirt, how much would by chance; odds that chance does not reach.
_BY_CHANCE, _BEYOND_DOUBT = 0.03, 5.0
_COUNTED = -2.5  # Odds of dirt from which on a neighbour's region speaks for picture; nothing is drafted here first.
_SENSITIVITY = 0.3  # To say that a reel is dirty takes more than to mend a speck.


def measure(specimen: Specimen) -> Mapping[str, Finding]:
    """Per mille of the picture that dirt covers in the middle moment, with its mask."""
    if not specimen.has_both_sides:
        return {}
    threshold = threshold_for(0.5, specimen.noise_sigma[0])
    found = suspects(specimen, _around(specimen, specimen.middle), threshold)
    if not found.regions.count or found.share > 2 * MOST_DAMAGED:
        return {"blotches": Finding(0.0, 0.9 if not found.regions.count else 0.3)}
    best = first_look(specimen, found)
    if not (best > limit_for(_SENSITIVITY, best)).any():
        return {"blotches": Finding(0.0, 0.9)}
    odds = looks(specimen, found)
    likely = odds > limit_for(_SENSITIVITY, odds)
    if not likely.any():
        return {"blotches": Finding(0.0, 0.9)}
    before, after = (_specks(specimen, there, threshold) for there in (specimen.middle - 1, specimen.middle + 1))
    dirt = likely & ~guards.is_picture(found, likely, specimen.now[0], before, after)
    if dirt.sum() <= _BY_CHANCE * (~likely).sum() and not (odds[dirt] > _BEYOND_DOUBT).any():
        return {"blotches": Finding(0.0, 0.5)}
    core = guards.covered(found, dirt)
    mask = grown(core, (specimen.now[0] - found.views.mean(0)).abs(), 0.02) if core.any() else core
    share = float(mask.float().mean())
    # So much at once is light that changed, or nothing that could be mended.
    return {"blotches": Finding(1000 * share, 0.9, mask) if share < MOST_DAMAGED else Finding(0.0, 0.3)}


def _around(specimen: Specimen, here: int) -> Around:
    return Around(here, tuple(range(here - 1, max(-1, here - 3), -1)),
                  tuple(range(here + 1, min(len(specimen.planes), here + 3))))


def _specks(specimen: Specimen, there: int, threshold: float) -> guards.Specks:
    found: Suspects = suspects(specimen, _around(specimen, there), threshold)
    is_calm = found.regions.count > 0 and found.share < 2 * MOST_DAMAGED
    odds = looks(specimen, found) if is_calm else np.full(found.regions.count, -np.inf)
    return guards.specks(found, odds > _COUNTED)


def _chosen(defect: Defect) -> Mapping[str, object]:
    return {"enabled": True}


REPAIR = Repair(
    "blotches", is_on=lambda settings: settings.enabled, mend=mend_blotches, reach=lambda settings: REACH,
    measure=measure, advice=(Advice("blotches", _chosen, gettext_noop(
        "Dust, dirt or snow covers {value:.2f} per mille of the picture in {shots} of the shots; it is filled from the "
        "frames before and after."), least=TRAINED_EYE),))
