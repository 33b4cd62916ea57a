"""Whether somebody looks at us: frontal faces, found twice.

The cascade of boosted Haar features that OpenCV carries (Viola and Jones 2001; Lienhart, Kuranov and Pisarevsky 2003),
on a raster of 240 lines. A face counts when two of them find it at two moments in about the same place, so that folds
and foliage which look like one do not. Faces in profile, tilted ones and those under a tenth of the
picture's height are not seen.
"""

from collections.abc import Sequence

import numpy as np
import numpy.typing as npt
from torch import Tensor

from restoration.engine.compute.facefinding import FIRST, LINES, SAME, SECOND, Rectangle, overlap, rectangles
from restoration.engine.compute.resample import resize
from restoration.engine.specimen import Specimen


def count(specimen: Specimen) -> int:
    """How many faces both the middle and the last moment show. The second is only looked at where the first has any."""
    first = _found(FIRST, specimen.now[0], specimen.order is not None)
    if not first or not specimen.has_both_sides:
        return 0
    last = _found(SECOND, specimen.planes[-1][0], specimen.order is not None)
    return sum(any(overlap(one, other) > SAME for other in last) for one in first)


def _found(cascade: str, luma: Tensor, is_field: bool) -> Sequence[Rectangle]:
    """x, y, width, height at the raster of 240 lines."""
    height, width = luma.shape[-2] * (2 if is_field else 1), luma.shape[-1]
    small = resize(luma.contiguous(), round(width * LINES / height), LINES, "linear")
    codes: npt.NDArray[np.uint8] = (small.clamp(0, 1) * 255).round().byte().cpu().numpy()
    return rectangles(cascade, codes)
