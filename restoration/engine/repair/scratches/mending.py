"""Taking a scratch off: its profile, smoothed along it, is subtracted, so that what lies under it stays."""

from collections import deque
from collections.abc import Iterator, Sequence
from itertools import chain, pairwise

import torch
from torch import Tensor

from restoration.engine.compute.local import padded
from restoration.engine.compute.motion import estimate
from restoration.engine.frames import Frame
from restoration.engine.repair.scratches.lines import Line, half_width, lines
from restoration.engine.repair.scratches.tracking import LOOK, scratches_of
from restoration.engine.settings import ScratchesSettings
from restoration.engine.stage import MOST_DAMAGED, ShotContext, Stage

_SMOOTH = 8  # Rows above and below over which the profile is taken to be the same.


def threshold_for(sensitivity: float, sigma: float) -> float:
    """How far a line must stand out, on the 0..1 scale, after nine rows are averaged."""
    return (0.015 + 0.7 * sigma) * 2 ** (1 - 2 * sensitivity)


def mend_scratches(settings: ScratchesSettings, context: ShotContext) -> Stage:
    """A stage that takes off scratches; planes [3, H, W] in and out, numbers and size unchanged."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        if not settings.enabled:
            yield from frames
            return
        threshold = threshold_for(settings.sensitivity, context.noise_sigma[0])
        for window, middle in _windows(frames, threshold):
            yield _mended(window, middle, context)

    return stage


class _Moment:
    """A frame, its lines, and the flow to the next moment, estimated when it is asked for."""

    def __init__(self, frame: Frame, threshold: float) -> None:
        self.frame = frame
        self.lines: list[Line] = lines(frame.planes[0], threshold)
        self._flow: Tensor | None = None

    def flow(self, following: "_Moment") -> Tensor:
        if self._flow is None:
            self._flow = estimate(self.frame.planes[0], following.frame.planes[0], finest=1)
        return self._flow


def _windows(frames: Iterator[Frame], threshold: float) -> Iterator[tuple[list[_Moment], int]]:
    held: deque[_Moment | None] = deque([None] * (LOOK + 1), maxlen=2 * LOOK + 1)
    for frame in chain(frames, [None] * LOOK):
        held.append(None if frame is None else _Moment(frame, threshold))
        if len(held) == 2 * LOOK + 1 and held[LOOK] is not None:
            window = list(held)
            yield [each for each in window if each is not None], sum(each is not None for each in window[:LOOK])


def _mended(window: Sequence[_Moment], middle: int, context: ShotContext) -> Frame:
    frame = window[middle].frame
    changed = torch.zeros(frame.planes.shape[1:], dtype=torch.bool, device=frame.planes.device)
    if window[middle].lines and len(window) > 1:
        flows = [one.flow(other) for one, other in pairwise(window)]
        torn = scratches_of([moment.frame.planes[0] for moment in window], flows, middle, window[middle].lines)
        if torn:
            return _without(frame, torn, context)
    context.note(frame.number, changed)
    return frame


def _without(frame: Frame, torn: Sequence[Line], context: ShotContext) -> Frame:
    planes, share = frame.planes, float(covered(frame.planes, torn).float().mean())
    if share > MOST_DAMAGED:
        context.note(frame.number, torch.zeros_like(planes[0], dtype=torch.bool))
        context.flag(frame.number, share)
        return frame
    for line in torn:
        planes = subtracted(planes, line)
    context.note(frame.number, (planes != frame.planes).any(0))
    return frame.with_planes(planes)


def covered(planes: Tensor, torn: Sequence[Line]) -> Tensor:
    """Bool [H, W]: where the scratches' cores lie."""
    height, width = planes.shape[1:]
    rows = torch.arange(height, device=planes.device)[:, None]
    columns = torch.arange(width, device=planes.device)[None]
    mask = torch.zeros(height, width, dtype=torch.bool, device=planes.device)
    for line in torn:
        middle = line.place + line.slant * (rows - (height - 1) / 2)
        mask |= ((columns - middle).abs() <= max(1, half_width(width) - 1)) & (rows >= line.top) & (rows < line.bottom)
    return mask


def subtracted(planes: Tensor, line: Line) -> Tensor:
    """The planes without one line: what a few columns around it differ from the picture on both sides, averaged along
    it, softly ending across and along."""
    height, width = planes.shape[1:]
    half = half_width(width) + 2
    rows = torch.arange(height, device=planes.device)
    middle = (line.place + line.slant * (rows - (height - 1) / 2)).round().long()
    places = middle[:, None] + torch.arange(-half - 3, half + 4, device=planes.device)[None]
    band = planes.gather(2, places.clamp(0, width - 1).expand(3, -1, -1))
    left, right = band[..., :3].mean(-1, keepdim=True), band[..., -3:].mean(-1, keepdim=True)
    across = torch.linspace(0, 1, band.shape[-1] - 4, device=planes.device)
    between = left + (right - left) * across
    profile = _along(band[..., 2:-2] - between)
    window = _soft(line, rows, height)[:, None] * _edges(profile.shape[-1], planes.device)
    made = planes.clone()
    target = places[:, 2:-2]
    inside = (target >= 0) & (target < width)
    share = torch.where(inside, window, torch.zeros_like(window))
    return made.scatter_add_(2, target.clamp(0, width - 1).expand(3, -1, -1), -(profile * share))


def _along(profile: Tensor) -> Tensor:
    summed = padded(profile, y=_SMOOTH).cumsum(1)
    summed = torch.cat([torch.zeros_like(summed[:, :1]), summed], 1)
    return (summed[:, 2 * _SMOOTH + 1:] - summed[:, :-2 * _SMOOTH - 1]) / (2 * _SMOOTH + 1)


def _soft(line: Line, rows: Tensor, height: int) -> Tensor:
    """1 along the line, falling to 0 within a few rows beyond an end that is not the picture's."""
    above = torch.ones_like(rows, dtype=torch.float32) if line.top == 0 else ((rows - line.top + 4) / 8).clamp(0, 1)
    below = torch.ones_like(above) if line.bottom >= height else ((line.bottom + 4 - rows) / 8).clamp(0, 1)
    return above * below


def _edges(count: int, device: torch.device) -> Tensor:
    """Across the line: 1, feathered over the outer two columns."""
    place = torch.arange(count, device=device, dtype=torch.float32)
    return (torch.minimum(place, count - 1 - place) / 2).clamp(0, 1)
