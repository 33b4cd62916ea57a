"""Which tracks are scratches: they keep their profile and do not go with the scene.

A microphone stand or a truss makes a track too, but it keeps to its place in the scene (the temporal test of Newson,
Almansa, Gousseau, Pérez 2014), and what deforms as it moves does not keep its profile. A track's way is compared with
the ways of the picture to its left, to its right and as a whole; what lies between these is parallax.

Things move smoothly, and tremble with the camera; a scratch trembles by itself, even where nothing else moves. What
goes evenly past the scene may be nearer or farther than what lies beside it: that much is believed only of a line
through most of the picture. What does neither cannot be told, and is picture.
"""

from collections.abc import Sequence
from statistics import median

import torch
from torch import Tensor

from restoration.engine.repair.scratches.lines import Line
from restoration.engine.repair.scratches.moments import Moment
from restoration.engine.repair.scratches.tracking import Track
from restoration.engine.repair.scratches.wandering import scene_along, ways

_ALIKE_IN = 0.5  # Share of the other sights in which its profile must be the same.
_STEEPEST = 0.03  # Columns for each row.
_TURNED = 0.015  # Change of that from its first half in time to its last, times the part of the height it covers.
_SHORT, _LONG = 0.65, 0.8  # Of the height.
# Pixels that a short line and a long one must lie beside the middle between before and after, twice; and one that also
# strays: a short one by itself, and a short and a long one beyond what the scene does.
_TREMBLES = (0.18, 0.10)
_STRAYING, _STRAYING_TOO = 0.12, (0.05, 0.025)
_MOST = 1.0  # Of these, so that no single leap decides.
_FEWEST = 4  # Places by which a short line is judged.
_FEW, _FAINT = 2, 0.05  # Places, and depth on the 0..1 scale, with which the places are half as sure.
_SCENE_TREMBLES = 0.1  # Of what the scene trembles, how much that may be mistaken.
# Pixels that its way must leave the scene's, in two moments: where nothing moves, and where much does.
_STRAYED = ((0.4, 0.9), (0.6, 1.2))
_FARTHER = 1.5  # These of a short line.
_UNSURE = 0.3  # Of the pixels that the scene goes, how much its way may be mistaken.
_PASSED = 0.5  # Of the pixels that the scene goes at least: what passes it more slowly is parallax.
_LONGER = 1.4


def scratches_at(index: int, found: Sequence[Track], moments: Sequence[Moment]) -> list[Line]:
    """The lines of one moment that are scratches. found: the tracks of consecutive moments."""
    return [track.at(index) for track in found
            if track.first <= index <= track.last and track.is_lasting and _goes_its_own_way(track, index, moments)]


def _is_upright(track: Track, moments: Sequence[Moment]) -> bool:
    """Whether it mostly stands as upright as what the film's own way through the gate tears, and does not turn as a
    beam of light does."""
    slopes = [moments[index].trace(line).slope for index, line in track.sights.items()]
    turned = median(slopes[len(slopes) // 2:]) - median(slopes[:len(slopes) // 2])
    return median(abs(slope) for slope in slopes) < _STEEPEST and abs(turned) * track.length < _TURNED


def _goes_its_own_way(track: Track, index: int, moments: Sequence[Moment]) -> bool:
    """Whether it stands upright and leaves the ways that the scene explains, as seen from the moment itself or from
    either end. The scene is asked last, and only of a line that keeps its profile."""
    nearest = min(track.sights, key=lambda other: (abs(other - index), other))
    seen = {reference: ways(track, reference, moments) for reference in (nearest, track.first, track.last)}
    fewest = max(2, _ALIKE_IN * (len(track.sights) - 1)) + 1
    seen = {reference: places for reference, places in seen.items() if int(places[:, 0].isfinite().sum()) >= fewest}
    if not seen:
        return False
    bends = max((_bends(places[:, 1:]) for places in seen.values()), key=lambda each: int(each.isfinite().sum()))
    known, is_long = bends.isfinite(), track.length >= _LONG
    count = int(known.sum())
    sure = (1 + _FEW / max(1, count)) * (1 + _FAINT / track.depth)
    is_likely = is_long or (count >= _FEWEST and _size(bends[known]) > _STRAYING * sure)
    if not is_likely or not _is_upright(track, moments):
        return False
    scene = scene_along(track, moments)
    by_itself = _size(torch.minimum(bends.abs(), _beyond(bends, _bends(scene)))[known])
    unsure = _SCENE_TREMBLES * float(_bends(scene).abs().median(1).values.square().mean().sqrt())
    if by_itself > _least(track.length) * sure + unsure:
        return True
    return by_itself > _STRAYING_TOO[is_long] * sure and any(
        _strays(places[:, 0], scene - scene[reference - track.first], 1 if is_long else _FARTHER)
        for reference, places in seen.items())


def _least(length: float) -> float:
    """Pixels that a line of that part of the height must tremble."""
    share = (length - _SHORT) / (_LONG - _SHORT)
    return _TREMBLES[0] + (_TREMBLES[1] - _TREMBLES[0]) * min(1.0, max(0.0, share))


def _bends(way: Tensor) -> Tensor:
    """How far each place of a way [T, n] lies from the middle between the one before and the one after, twice."""
    return way[:-2] - 2 * way[1:-1] + way[2:]


def _size(values: Tensor) -> float:
    """The standard deviation that their mean size speaks of; 0 of nothing."""
    return 1.25 * float(values.abs().clamp(max=_MOST).mean()) if len(values) else 0.0


def _beyond(places: Tensor, scene: Tensor, longer: float = 1.0) -> Tensor:
    """How far places [T, n] lie beyond all that the scene's ways [T, 3] explain, which may be longer than told."""
    low, high = scene.amin(1, keepdim=True), scene.amax(1, keepdim=True)
    return torch.maximum(torch.minimum(low, low * longer) - places,
                         places - torch.maximum(high, high * longer)).clamp(min=0)


def _strays(places: Tensor, scene: Tensor, times: float) -> bool:
    """Whether a line lies beside the scene's ways clearly once and a little less clearly once more, the further the
    scene goes the more, and so many times as far. places: [T], how far it lies from its place in a reference, scene:
    [T, 3], how far that has gone since."""
    known = places.isfinite()
    places, scene = places[known][:, None], scene[known]
    unsure = min(1.0, _UNSURE * float(scene.abs().max()))
    beyond = _beyond(places, scene, _LONGER)[:, 0]
    beyond = torch.where(beyond > _PASSED * scene.abs().amin(1), beyond, 0.0).sort().values[-2:]
    least = torch.tensor([times * (still + unsure * (moving - still)) for still, moving in _STRAYED])
    return len(beyond) == 2 and bool((beyond > least).all())
