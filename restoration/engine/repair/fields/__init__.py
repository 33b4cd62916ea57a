"""From fields to frames: one whole picture for every field of interlaced video, at the fields' own moments; or of film
that was spread over fields its own frames again, woven of fields that belong together and never of others.

Film frames are told by how fields fit (`pairs`) and by the 2:3 rhythm (`runs`). Where video was laid over film, or no
weave is clean, the field's own moment is completed as video is (`completing`). Where some shots of video are film, its
moments are woven too, if that is asked for.

Each output needs the source frames within `reach` of its own, never beyond those it is given. A part of a shot that is
given as many more at each end, and whose outputs for those frames are dropped, equals the same frames of the whole
shot bit for bit.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import replace

import torch
from torch import Tensor
from torch.nn.functional import interpolate, max_pool2d

from restoration.engine.frames import Frame, woven
from restoration.engine.moments import Moments
from restoration.engine.repair.fields.completing import NEIGHBOURS, Window, completed
from restoration.engine.repair.fields.field import Field, fields_of_frames
from restoration.engine.repair.fields.pairs import Pairs
from restoration.engine.repair.fields.runs import AROUND, Run, runs_around, shown
from restoration.engine.repairing import Repair
from restoration.engine.settings import FieldsSettings
from restoration.engine.stage import ShotContext, Stage

# Fields that measures look at beyond those around: the rhythm's least change, and its second field.
_AHEAD = AROUND + 6


def reach(settings: FieldsSettings) -> int:
    """Source frames on each side of a moment's own that it is made of, or told by."""
    if settings.method == "none":
        return 0
    return (_AHEAD + 2) // 2 if settings.looks_for_film else (NEIGHBOURS + 1) // 2


def frames_from_fields(settings: FieldsSettings, context: ShotContext) -> Stage:
    """A stage that turns interlaced frames, [3, H, W] with H even, into whole ones: frame n into the moments 2n and
    2n+1, or with `settings.method` "film" five frames into four, as engine/moments.py counts them.

    With "none" frames pass untouched. With `keep_lines` the recorded lines are bit for bit those of the source; woven
    film has no others. Raises ValueError for a frame with an odd number of lines.
    """

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        if settings.method == "none":
            yield from frames
            return
        work = _Work(settings, context)
        for field in fields_of_frames(frames, settings.order):
            yield from work.push(field)
        yield from work.finish()

    return stage


class _Work:
    """Fields on their way: those that a moment to come may still be made of, and the measures of some more."""

    def __init__(self, settings: FieldsSettings, context: ShotContext) -> None:
        self._settings, self._context = settings, context
        self._moments = Moments.of(settings)
        self._pairs = Pairs(context.noise_sigma[0])
        self._ahead = _AHEAD if settings.looks_for_film else NEIGHBOURS
        self._held: deque[Field] = deque(maxlen=_AHEAD + 8)
        self._first = self._last = 0
        self._next: int | None = None

    def push(self, field: Field) -> Iterator[Frame]:
        if self._next is None:
            self._first, self._next = field.number, self._moments.first(field.frame.number)
        self._last = field.number
        self._held.append(field)
        if self._settings.looks_for_film:
            self._pairs.push(field)
        while self._moments.field(self._next) + self._ahead <= self._last:
            yield from self._made(self._next)
            self._next += 1

    def finish(self) -> Iterator[Frame]:
        if self._next is None:
            return
        for number in range(self._next, self._moments.first(self._last // 2 + 1)):
            yield from self._made(number)

    def _made(self, number: int) -> Iterator[Frame]:
        if self._context.wanted is not None and number not in self._context.wanted:
            return
        field = min(self._moments.field(number), self._last)
        pair = self._pair(number, field) if self._settings.looks_for_film else None
        planes = self._completed(field) if pair is None else self._mended(pair, field)
        self._context.note(number, None)
        yield replace(self._at(field).frame, planes=planes, number=number, interlaced=None)

    def _pair(self, number: int, field: int) -> int | None:
        runs = runs_around(field, self._first, self._last, combing=self._pairs.combing, change=self._pairs.change,
                           doubt=self._pairs.doubt)
        return self._film_pair(runs, number, field) if self._settings.method == "film" else self._pair_of(runs, field)

    def _film_pair(self, runs: list[Run], number: int, field: int) -> int | None:
        run = shown(runs, number, field)
        return None if run is None else run.pair()

    def _pair_of(self, runs: list[Run], field: int) -> int | None:
        """The pair to weave a moment of, where it is film for sure."""
        run = next(run for run in runs if run.first <= field < run.stop)
        pair = run.pair()
        if not run.is_whole or self._pairs.torn(pair) is not None or not self._pairs.is_film(pair):
            return None
        return pair

    def _mended(self, pair: int, field: int) -> Tensor:
        """Woven, but completed where the weave is torn."""
        torn = self._pairs.torn(pair)
        if torn is None:
            return self._woven(pair)
        completed = self._completed(field)
        return completed if bool(torn.all()) else torch.lerp(self._woven(pair), completed, _laid(torn, completed))

    def _woven(self, pair: int) -> Tensor:
        one, two = self._at(pair), self._at(pair + 1)
        if one.frame is two.frame:
            return one.frame.planes
        return woven(one.lines, two.lines, "tff" if one.parity == 0 else "bff")

    def _completed(self, number: int) -> Tensor:
        around = [self._at(at) if self._first <= at <= self._last else None
                  for at in range(number - NEIGHBOURS, number + NEIGHBOURS + 1)]
        lined = [None if each is None else replace(each, lines=each.lines.contiguous()) for each in around]
        return completed(Window(*lined), self._settings.keep_lines)  # type: ignore[arg-type]

    def _at(self, number: int) -> Field:
        return self._held[number - self._held[0].number]


def _laid(torn: Tensor, planes: Tensor) -> Tensor:
    """Blocks that overlap by half, and a block around them, over planes [3, H, W]: weights 0..1, soft at the edges."""
    wide = max_pool2d(torn[None, None].float(), 5, stride=1, padding=2)
    return interpolate(wide, size=planes.shape[-2:], mode="bilinear")[0]


REPAIR = Repair("fields", is_on=lambda settings: settings.method != "none", mend=frames_from_fields,
                reach=reach)
