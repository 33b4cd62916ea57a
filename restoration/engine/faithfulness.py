"""What enhancement added to the recording, measured while it is added: the master brought down to the source's raster
against the repaired source, frame against frame.

Two neighbouring frames of every eight are looked at, counted from the beginning of the whole shot, so that parts of a
shot look at the same frames as the whole. Only repaired frames that are frames of the master too can be looked at:
where five are made of two, that is every other one, and two neighbours of those are taken. How much changes from the
first of the two to the second is told of the master and of the repaired source alike, over the same two frames. In the
first of the two faces are looked for, where somebody is here who knows their marks.
"""

from collections.abc import Iterator
from dataclasses import dataclass, field

from torch import Tensor

from restoration.engine.compute.facefinding import apart, faces_in, knows_marks, shared
from restoration.engine.compute.resample import resize
from restoration.engine.facts import Faithfulness, Worst, decibels
from restoration.engine.frames import Frame
from restoration.engine.media.color import to_rgb
from restoration.engine.metrics import colour_shift
from restoration.engine.moments import AS_THEY_ARE, Moments
from restoration.engine.stage import Stage

_EVERY, _LOOKED_AT = 8, 2
_SAME_FACE, _SMALLEST = 0.5, 32  # Share of both boxes; lines, under which marks tremble by themselves.
_COARSER = 4  # Colour of large areas is compared at a quarter of the raster.


@dataclass(frozen=True, slots=True)
class _Look:
    number: int
    error: float
    colour: float
    unexplained: float
    drifts: tuple[float, ...] = ()


@dataclass
class Witness:
    """Stands before and behind the stages that enhance one shot.

    first: number of the shot's first frame; first_column, columns: what of the repaired picture the master shows.
    moments: where the master's frames lie among the repaired ones; those in between are nobody's and not looked at.
    pixel_aspect: of the repaired picture.
    """

    first: int
    first_column: int = 0
    columns: int | None = None
    moments: Moments = AS_THEY_ARE
    pixel_aspect: float = 1.0
    _looks: list[_Look] = field(default_factory=list, init=False)
    _repaired: dict[int, Frame] = field(default_factory=dict, init=False)
    _before: tuple[int, Tensor, Tensor] | None = field(default=None, init=False)
    _moved: list[tuple[float, float]] = field(default_factory=list, init=False)

    def before(self) -> Stage:
        """Remembers each repaired frame [3, H, W] that will be looked at; passes all on as they are."""
        def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
            for frame in frames:
                if self._looks_at(frame.number):
                    self._repaired[frame.number] = frame
                yield frame

        return stage

    def behind(self) -> Stage:
        """Compares what came of it, planes [3, height, width]; passes all on as they are."""
        def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
            for frame in frames:
                place = self.moments.from_repaired(frame.number)
                repaired = self._repaired.pop(int(place), None) if place.denominator == 1 else None
                if repaired is not None:
                    self._compare(repaired, frame)
                    self._repaired = {number: kept for number, kept in self._repaired.items()
                                      if number > repaired.number}
                yield frame

        return stage

    def facts(self) -> Faithfulness | None:
        """Over all frames looked at; None where there were none."""
        if not self._looks:
            return None
        count = len(self._looks)
        least = max(self._looks, key=lambda look: look.error)
        furthest = max(self._looks, key=lambda look: look.colour)
        strangest = max(self._looks, key=lambda look: look.unexplained)
        drifts = [(drift, look.number) for look in self._looks for drift in look.drifts]
        far = max(drifts, default=None)
        return Faithfulness(
            looked_at=count, error=sum(look.error for look in self._looks) / count,
            worst=Worst(frame=least.number, value=round(decibels(least.error), 2)),
            colour=round(sum(look.colour for look in self._looks) / count, 3),
            worst_colour=Worst(frame=furthest.number, value=round(furthest.colour, 3)),
            unexplained=round(sum(look.unexplained for look in self._looks) / count, 5),
            worst_unexplained=Worst(frame=strangest.number, value=round(strangest.unexplained, 5)),
            moved=sum(master for master, _ in self._moved), source_moved=sum(source for _, source in self._moved),
            faces=len(drifts), drift=round(sum(drift for drift, _ in drifts) / max(1, len(drifts)), 3),
            worst_drift=far and Worst(frame=far[1], value=round(far[0], 3)))

    def _looks_at(self, number: int) -> bool:
        step = self.moments.recorded_every
        return number % step == 0 and self._since_the_first(number) % _EVERY < _LOOKED_AT * step

    def _since_the_first(self, number: int) -> int:
        """How many repaired frames after the shot's first that is a frame of the master."""
        return number - self.first - -self.first % self.moments.recorded_every

    def _compare(self, repaired: Frame, frame: Frame) -> None:
        shown = repaired.planes[:, :, self.first_column:][:, :, :self.columns]
        height, width = shown.shape[1:]
        brought_down = resize(frame.planes, width, height)
        self._looks.append(_Look(
            frame.number, float((brought_down[0] - shown[0]).square().mean()),
            _colour_apart(brought_down, shown, frame.color.matrix), _unexplained(frame.planes[0], brought_down[0]),
            self._drifts(repaired.number, shown[0], brought_down[0])))
        if self._before is not None and self._before[0] == repaired.number - self.moments.recorded_every:
            self._moved.append((float((brought_down[0] - self._before[1]).square().mean()),
                                float((shown[0] - self._before[2]).square().mean())))
        self._before = (repaired.number, brought_down[0], shown[0])

    def _drifts(self, number: int, shown: Tensor, brought_down: Tensor) -> tuple[float, ...]:
        """How far the marks of each face are apart, pixels of the source's raster; of faces that only one shows
        nothing can be said."""
        if self._since_the_first(number) % _EVERY or not knows_marks():
            return ()
        before = [face for face in faces_in(shown, self.pixel_aspect) if 2 * face.down >= _SMALLEST]
        after = faces_in(brought_down, self.pixel_aspect) if before else ()
        return tuple(apart(face, other) for face in before for other in after if shared(face, other) > _SAME_FACE)


def _colour_apart(made: Tensor, shown: Tensor, matrix: str) -> float:
    size = max(1, shown.shape[2] // _COARSER), max(1, shown.shape[1] // _COARSER)
    median, _ = colour_shift(*(to_rgb(resize(planes, *size, kernel="linear"), matrix) for planes in (made, shown)))
    return median


def _unexplained(luma: Tensor, brought_down: Tensor) -> float:
    """Share of the energy of a master's luma [height, width], its mean apart, that is not in what the source's raster
    can hold."""
    rest = luma - resize(brought_down, luma.shape[1], luma.shape[0])
    return float(rest.square().mean() / (luma - luma.mean()).square().mean().clamp_min(1e-9))

