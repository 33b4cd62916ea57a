"""From faces seen at some moments to where each is at one of them, with a hand as steady as a lens.

What is known of a moment comes from the few looks around it alone, so that a part of a shot knows the same as the
whole. Each number of a face runs along a line fitted through its looks, the nearer the heavier (local linear regression
with Tukey's biweight): no tremble of the finder reaches the mask, and a face that is found, lost and found again fades
instead of blinking.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import numpy.typing as npt

from restoration.engine.compute.facefinding import Face, shared
from restoration.engine.compute.rising import rise

EVERY = 3  # Moments from look to look.
SIGHT = 6  # How far around a moment its looks may lie.
MOST = 6  # Faces of one moment, the largest.
_SAME = 0.25
_SEEN, _SEEN_WELL = 0.3, 0.7  # Share of the looks, weighed as they are near.
_FULL = 64 / 24  # Of the least size.
_TURNED, _AWAY = 0.35, 1.0  # The nose from between the eyes, in distances of the eyes.
_STEADY = 1.0

Numbers = npt.NDArray[np.float64]
Look = tuple[int, tuple[Face, ...]]


@dataclass(frozen=True, slots=True)
class Followed:
    """A face at one moment, and how much may be done for it, 0..1."""

    face: Face
    strength: float


def followed(looks: Sequence[Look], number: int, smallest: float) -> list[Followed]:
    """The faces of moment `number` that are as high as `smallest` lines or higher. looks: the moments around it that
    were looked at, in order, and what was seen."""
    nearness = {moment: (1 - ((moment - number) / (SIGHT + 1)) ** 2) ** 2 for moment, _ in looks}
    made: list[Followed] = []
    for chain in _chains(looks, number):
        face = _between(chain, number, nearness)
        presence = sum(nearness[moment] for moment in chain) / sum(nearness.values())
        strength = (_rise(presence, _SEEN, _SEEN_WELL) * _rise(2 * face.down, smallest, smallest * _FULL)
                    * (1 - _rise(_turn(face), _TURNED, _AWAY)))
        if strength > 0:
            made.append(Followed(face, strength))
    return sorted(made, key=lambda each: -each.face.down)[:MOST]


def _chains(looks: Sequence[Look], number: int) -> list[dict[int, Face]]:
    """Looks at one face each, begun with the look nearest to the moment."""
    left = {moment: list(faces) for moment, faces in looks}
    moments = sorted(left)
    chains: list[dict[int, Face]] = []
    for moment in sorted(moments, key=lambda each: (abs(each - number), each)):
        for face in list(left[moment]):
            if face not in left[moment]:
                continue
            left[moment].remove(face)
            chain = {moment: face}
            for side in ([each for each in moments if each > moment],
                         [each for each in reversed(moments) if each < moment]):
                last = face
                for other in side:
                    best = max(left[other], key=lambda each, last=last: shared(each, last), default=None)  # type: ignore[misc]
                    if best is not None and shared(best, last) > _SAME:
                        left[other].remove(best)
                        chain[other] = last = best
            chains.append(chain)
    return chains


def _between(chain: dict[int, Face], number: int, nearness: dict[int, float]) -> Face:
    away = np.array([moment - number for moment in chain], float)
    weight = np.array([nearness[moment] for moment in chain])
    weight = weight / weight.sum()
    has_marks = all(face.marks for face in chain.values())
    rows = np.array([[face.x, face.y, face.across, face.down, *(np.ravel(face.marks) if has_marks else ())]
                     for face in chain.values()])
    middle, time = weight @ rows, float(weight @ away)
    spread = float(weight @ (away - time) ** 2)
    slope = (weight * (away - time)) @ (rows - middle) / (spread + _STEADY)
    x, y, across, down, *marks = (middle - slope * time).tolist()
    return Face(x, y, across, down, tuple(zip(marks[::2], marks[1::2], strict=True)))


def _turn(face: Face) -> float:
    """How far a face is turned to the side: 0 towards us, beyond 1 in profile; 0 where nobody can tell."""
    if not face.marks:
        return 0.0
    left, right, nose = (np.array(mark) for mark in face.marks[:3])
    line = right - left
    apart = float(np.hypot(*line))
    # Seen from the side the eyes lie on each other, so a face's width speaks beside their distance.
    return abs(float(line @ (nose - (left + right) / 2))) / max(apart * max(apart, 0.4 * face.across), 1e-6)


def _rise(value: float, low: float, high: float) -> float:
    return rise((value - low) / (high - low))
