"""Whether somebody looks at us: frontal faces, found twice.

The cascade of boosted Haar features that OpenCV carries (Viola and Jones 2001; Lienhart, Kuranov and Pisarevsky 2003),
on a raster of 240 lines. A face counts when two of them find it at two moments in about the same place, so that folds
and foliage which look like one do not. Faces in profile, tilted ones and those under a tenth of the
picture's height are not seen.
"""

from collections.abc import Sequence
from functools import lru_cache
from pathlib import Path

import cv2
import numpy as np
import numpy.typing as npt
from torch import Tensor

from restoration.engine.compute.resample import resize
from restoration.engine.specimen import Specimen

FIRST, SECOND = "frontalface_alt2", "frontalface_alt"  # Trained apart: what misleads one seldom misleads both.
LINES = 240
STEP = 1.1
NEIGHBOURS = 3
SMALLEST = 20
SAME = 0.35  # Of both rectangles' area, that they must have in common.

Rectangle = tuple[int, int, int, int]


def count(specimen: Specimen) -> int:
    """How many faces both the middle and the last moment show. The second is only looked at where the first has any."""
    first = _found(FIRST, specimen.now[0], specimen.order is not None)
    if not first or not specimen.has_both_sides:
        return 0
    last = _found(SECOND, specimen.planes[-1][0], specimen.order is not None)
    return sum(any(_overlap(one, other) > SAME for other in last) for one in first)


def _found(cascade: str, luma: Tensor, is_field: bool) -> Sequence[Rectangle]:
    """x, y, width, height at the raster of 240 lines."""
    height, width = luma.shape[-2] * (2 if is_field else 1), luma.shape[-1]
    small = resize(luma.contiguous(), round(width * LINES / height), LINES, "linear")
    codes: npt.NDArray[np.uint8] = (small.clamp(0, 1) * 255).round().byte().cpu().numpy()
    found = _cascade(cascade).detectMultiScale(codes, STEP, NEIGHBOURS, 0, (SMALLEST, SMALLEST))
    return [(int(x), int(y), int(across), int(down)) for x, y, across, down in found]


@lru_cache(maxsize=2)
def _cascade(name: str) -> cv2.CascadeClassifier:
    # As many threads as torch would spin beside the decoder's.
    cv2.setNumThreads(1)
    return cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / f"haarcascade_{name}.xml"))


def _overlap(one: Rectangle, other: Rectangle) -> float:
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    common = max(0, across) * max(0, down)
    return common / (one[2] * one[3] + other[2] * other[3] - common)
