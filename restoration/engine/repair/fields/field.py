"""A field: every other line of a frame, of one moment."""

from collections.abc import Iterator
from dataclasses import dataclass

from torch import Tensor

from restoration.engine.frames import Frame


@dataclass(frozen=True, slots=True)
class Field:
    """`lines` [3, H/2, W] of one moment; parity 0 holds the rows 0, 2, 4..., parity 1 the rows 1, 3, 5... number: 2n
    and 2n+1 for the fields of source frame n."""

    lines: Tensor
    parity: int
    number: int
    frame: Frame


def fields_of_frames(frames: Iterator[Frame], order: str) -> Iterator[Field]:
    """The fields of frames in the order of their moments. Raises ValueError for a frame with an odd number of lines."""
    first = 0 if order == "tff" else 1
    for frame in frames:
        if frame.planes.shape[1] % 2:
            raise ValueError(f"An interlaced frame has an even number of lines, not {frame.planes.shape[1]}.")
        for moment, parity in enumerate((first, 1 - first)):
            yield Field(frame.planes[:, parity::2], parity, 2 * frame.number + moment, frame)
