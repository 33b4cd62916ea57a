"""Blocks and ringing that JPEG, MPEG-2, MPEG-4 and their like left.

Supported: grids of 8 columns at any place, in whole frames and in fields, whose blocks may be of either kind (8 lines
of a field or of a frame), since columns alone give the evidence and the transform is shifted everywhere; quantisers are
read from whole frames alone. Coders whose own loop filter took the steps away (H.264) are found by the little that it
leaves. Not found: pictures that were resized since.
"""

from collections.abc import Mapping

from restoration.engine.errors import gettext_noop
from restoration.engine.facts import Defect
from restoration.engine.repair.blocking.measure import measure
from restoration.engine.repair.blocking.mend import REACH, smooth
from restoration.engine.repairing import Advice, Repair


def _chosen(defect: Defect) -> Mapping[str, object]:
    return {"enabled": True}


REPAIR = Repair(
    "blocking", is_on=lambda settings: settings.enabled, mend=smooth, reach=lambda settings: REACH,
    measure=measure, advice=(
        Advice("blocking", _chosen, gettext_noop(
            "Blocks of compression stand out by {value:.1f}/255 beyond what the picture itself changes.")),
        Advice("ringing", _chosen, gettext_noop(
            "Around edges, compression left ripples of {value:.1f}/255 in the blocks that hold them."))))
