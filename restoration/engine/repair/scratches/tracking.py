"""Which lines are scratches: they stay near one column from moment to moment, keep their profile, and do not go with
the scene.

Lines of neighbouring moments that lie close are one track. A microphone stand or a truss makes a track too, but it
keeps to its place in the scene (the temporal test of Newson, Almansa, Gousseau, Pérez 2014), and what deforms as it
moves does not keep its profile. A track's way is compared with the ways of the picture to its left, to its right and as
a whole; what lies between these is parallax. Where nothing moves and the line does not tremble either it cannot be
told, and is picture.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, replace
from statistics import median

import torch
from torch import Tensor

from restoration.engine.repair.scratches.lines import Line, sheared
from restoration.engine.repair.scratches.tracing import traced

LOOK = 6  # Moments on each side.
_WANDER = 3  # Pixels that a scratch may move from moment to moment.
_SLANTED = 0.021  # Difference of slants of one line in two moments.
_SHARED = 0.5  # Of the rows of the shorter of two sights of one line.
_GAP = 3  # Moments in which a line may be missed.
_ALIKE = 0.8  # Correlation of profiles from which on it is the same line.
_LEAST, _FEWEST = 0.6, 3  # Share of the moments of a track in which it must be seen, and how many at least.
_ALIKE_IN = 0.5  # Share of the other sights in which its profile must be the same.
# Pixels that its way must leave the scene's, in two moments: where nothing moves, and where much does.
_STRAYED = ((0.4, 0.9), (0.6, 1.2))
_UNSURE = 0.3  # Of the pixels that the scene goes, how much its way may be mistaken.
_LONGER = 1.4
_FAINTEST = 0.03
_STEEPEST = 0.03  # Columns for each row.
_TURNED = 0.015  # Change of that from its first half in time to its last, times the part of the height it covers.
_BESIDE = (5, 22)  # Columns on each side whose motion is the scene's.

Flow = Callable[[int], Tensor]  # From the moment of that index to the next, [2, H, W].


def _apart(one: Line, other: Line) -> float:
    """Columns between two lines, in the middle of the rows that both cross or that lie between them."""
    row = (max(one.top, other.top) + min(one.bottom, other.bottom)) / 2
    return abs(one.at(row) - other.at(row))


@dataclass(frozen=True, slots=True)
class Track:
    """The sights of one line, by the index of their moment, in order."""

    sights: dict[int, Line]

    @property
    def first(self) -> int:
        return next(iter(self.sights))

    @property
    def last(self) -> int:
        return next(reversed(self.sights))

    @property
    def is_lasting(self) -> bool:
        """Whether it is seen often and clearly enough to be believed."""
        return (len(self.sights) >= max(_FEWEST, _LEAST * (self.last - self.first + 1))
                and median(line.depth for line in self.sights.values()) > _FAINTEST)

    def at(self, index: int) -> Line:
        """The line of a moment between the first and the last, if need be between its neighbours in time."""
        if index in self.sights:
            return self.sights[index]
        before = max(each for each in self.sights if each < index)
        after = min(each for each in self.sights if each > index)
        one, other = self.sights[before], self.sights[after]
        share = (index - before) / (after - before)
        return replace(one, place=one.place + share * (other.place - one.place), top=min(one.top, other.top),
                       bottom=max(one.bottom, other.bottom))


def tracks(seen: Sequence[Sequence[Line]]) -> list[Track]:
    """The lines of consecutive moments joined, nearest first."""
    made: list[dict[int, Line]] = []
    for index, found in enumerate(seen):
        pairs = sorted((_apart(line, last), number, place)
                       for number, track in enumerate(made) for last, gap in [_latest(track, index)]
                       for place, line in enumerate(found)
                       if gap <= _GAP and _could_be(line, last) and _apart(line, last) <= _WANDER * gap ** 0.5)
        taken: set[int] = set()
        for _, number, place in pairs:
            if place not in taken and index not in made[number]:
                made[number][index] = found[place]
                taken.add(place)
        made += [{index: line} for place, line in enumerate(found) if place not in taken]
    return [Track(sights) for sights in made]


def _could_be(one: Line, other: Line) -> bool:
    """Whether two lines may be the same one: alike, and for the most part in the same rows."""
    shared = min(one.bottom, other.bottom) - max(one.top, other.top)
    return (one.sign == other.sign and abs(one.slant - other.slant) < _SLANTED
            and shared >= _SHARED * min(one.length, other.length))


def _latest(track: dict[int, Line], index: int) -> tuple[Line, int]:
    last = next(reversed(track))
    return track[last], index - last


def scratches_at(index: int, found: Sequence[Track], outs: Sequence[tuple[Tensor, int]], flow: Flow) -> list[Line]:
    """The lines of one moment that are scratches. found: tracks of consecutive moments; outs: of each moment what
    stands out of its pooled rows, and how many rows are one; flow: from each moment to the next."""
    return [track.at(index) for track in found
            if track.first <= index <= track.last and track.is_lasting
            and _is_upright(track, outs) and _goes_its_own_way(track, index, outs, flow)]


def _is_upright(track: Track, outs: Sequence[tuple[Tensor, int]]) -> bool:
    """Whether it mostly stands as upright as what the film's own way through the gate tears, and does not turn as a
    beam of light does."""
    slopes = [traced(line, outs[index]).slope for index, line in track.sights.items()]
    turned = median(slopes[len(slopes) // 2:]) - median(slopes[:len(slopes) // 2])
    part = median(line.length / line.height for line in track.sights.values())
    return median(abs(slope) for slope in slopes) < _STEEPEST and abs(turned) * part < _TURNED


def _goes_its_own_way(track: Track, index: int, outs: Sequence[tuple[Tensor, int]], flow: Flow) -> bool:
    """Whether it leaves the ways that the scene explains, as seen from the moment itself or from either end. The scene
    is asked last, and only of a line that keeps its profile."""
    nearest = min(track.sights, key=lambda other: (abs(other - index), other))
    moved = {reference: _places(track, reference, outs) for reference in (nearest, track.first, track.last)}
    fewest = max(2, _ALIKE_IN * (len(track.sights) - 1))
    kept = {reference: places for reference, places in moved.items() if len(places) >= fewest}
    if not kept:
        return False
    scene = _scene_along(track, flow)
    return any(_strays(places, reference, scene) for reference, places in kept.items())


def _strays(places: Mapping[int, float], reference: int, scene: Mapping[int, Tensor]) -> bool:
    """Whether a line lies beside the scene's ways clearly once and a little less clearly once more, the further the
    scene goes the more. places: how far it lies from its place in the reference; scene: how far that has gone since
    the first moment."""
    gone = {index: scene[index] - scene[reference] for index in places}
    unsure = min(1.0, _UNSURE * max(float(ways.abs().max()) for ways in gone.values()))
    strayed = sorted(_outside(place, gone[index]) for index, place in places.items())
    least = [still + unsure * (moving - still) for still, moving in _STRAYED]
    return all(far > enough for far, enough in zip(strayed[-2:], least, strict=True))


def _outside(place: float, scene: Tensor) -> float:
    """How far a place lies beyond all that the scene's ways explain, which may be longer than they were told."""
    low, high = float(scene.min()), float(scene.max())
    return max(min(low, low * _LONGER) - place, place - max(high, high * _LONGER))


def _places(track: Track, reference: int, outs: Sequence[tuple[Tensor, int]]) -> dict[int, float]:
    """How far the track lies to the right of its place in the reference, in those moments where its profile is the
    same."""
    own = track.at(reference)
    base = _profile(outs[reference], own, own.place)
    moved = {}
    for index in range(track.first, track.last + 1):
        place = track.at(index).place
        found = None if index == reference else _moved(base, _profile(outs[index], own, place))
        if found is not None:
            moved[index] = round(place) + found - round(own.place)
    return moved


def _scene_along(track: Track, flow: Flow) -> dict[int, Tensor]:
    """How far the scene beside the track has gone since its first moment, [3] for each."""
    scene = {track.first: torch.zeros(3)}
    for index in range(track.first, track.last):
        scene[index + 1] = scene[index] + _scene(flow(index), track.at(index))
    return scene


def _profile(out: tuple[Tensor, int], line: Line, place: float) -> Tensor:
    """What stands out around the place, averaged along the line."""
    rows, step = out
    upright = sheared(rows, line.slant * step)[line.top // step:max(line.bottom // step, line.top // step + 1)]
    reach = 2 * _WANDER + 3
    columns = torch.arange(round(place) - reach, round(place) + reach + 1, device=rows.device)
    return upright[:, columns.clamp(0, rows.shape[1] - 1)].mean(0) * line.sign


def _moved(own: Tensor, other: Tensor) -> float | None:
    """How far the profile lies to the right of its own place, to a fraction of a pixel; None where it is not there."""
    core = own[_WANDER + 1:-_WANDER - 1]
    core = core - core.mean()
    parts = other.unfold(0, len(core), 1)
    parts = parts - parts.mean(1, keepdim=True)
    alike = (parts @ core) / (parts.norm(dim=1) * core.norm()).clamp(min=1e-9)
    best = int(alike[1:-1].argmax()) + 1
    strength = float(parts[best].norm() / core.norm().clamp(min=1e-9))
    if float(alike[best]) < _ALIKE or not 0.5 < strength < 2:
        return None
    low, here, high = (float(each) for each in alike[best - 1:best + 2])
    bend = low - 2 * here + high
    return best - (_WANDER + 1) + (0.5 * (low - high) / bend if bend < -1e-6 else 0.0)


def _scene(flow: Tensor, line: Line) -> Tensor:
    """How far the picture goes across: to the left of the line, to its right, and as a whole; [3]."""
    place = round(line.place)
    near, far = _BESIDE
    rows = flow[0, line.top:line.bottom:4]
    left, right = rows[:, max(0, place - far):max(0, place - near)], rows[:, place + near + 1:place + far + 1]
    whole = flow[0, ::8, ::8].median()
    return torch.stack([side.median() if side.numel() else whole for side in (left, right, whole)]).cpu()
