"""Whoever stands before and behind noise reduction and measures what it takes from one frame: a shot's texture."""

from collections.abc import Callable, Iterator

from torch import Tensor

from restoration.engine.compute.grain import GrainModel, measure
from restoration.engine.frames import Frame
from restoration.engine.stage import Stage


class TextureWitness:
    """number: of the frame that is measured, among those that noise reduction makes; tell: told what was found, once,
    as soon as that frame has passed."""

    def __init__(self, number: int, tell: Callable[[GrainModel], None]) -> None:
        self._number = number
        self._tell = tell
        self._noisy: Tensor | None = None

    def before(self) -> Stage:
        """Remembers the planes [3, H, W] of its frame; passes all on as they are."""
        def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
            for frame in frames:
                if frame.number == self._number:
                    self._noisy = frame.planes
                yield frame

        return stage

    def behind(self) -> Stage:
        """Measures what that frame has lost; passes all on as they are."""
        def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
            for frame in frames:
                if frame.number == self._number and self._noisy is not None:
                    self._tell(measure(self._noisy, frame.planes))
                    self._noisy = None
                yield frame

        return stage
