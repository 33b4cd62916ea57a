"""A first look at the frames around a shot: what repairs that need a longer time know before the first frame is
mended. One pass, small numbers kept, no picture."""

from collections.abc import Iterator, Sequence

import torch
from torch import Tensor

from restoration.engine.frames import Frame, fields_of
from restoration.engine.specimen import Tracer
from restoration.engine.stage import Trace


def trace_of(frames: Iterator[Frame], tracers: Sequence[Tracer], *, order: str | None) -> list[Trace]:
    """One trace for each tracer. order: the field order where each frame holds two moments, which are then counted as
    fields to frames counts them, 2n and 2n+1; else None."""
    rows: list[list[Tensor]] = [[] for _ in tracers]
    first: int | None = None
    with torch.no_grad():
        for frame in frames:
            first = frame.number if first is None else first
            for planes, parity in moments_of(frame, order):
                for held, tracer in zip(rows, tracers, strict=True):
                    held.append(tracer.push(planes, parity=parity))
    start = (first or 0) * (1 if order is None else 2)
    return [Trace(start, torch.stack(held)) for held in rows]


def moments_of(frame: Frame, order: str | None) -> list[tuple[Tensor, int | None]]:
    """The planes of each moment that a frame holds, and the parity of its lines, None for a whole frame."""
    if order is None:
        return [(frame.planes, None)]
    early = 0 if order == "tff" else 1
    return list(zip(fields_of(frame.planes, order), (early, 1 - early), strict=True))
