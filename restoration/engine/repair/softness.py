"""Softness of composite tape: what its narrow band, the decoder's comb and the camera's scan took of the detail, given
back by the network `tape-mender` as far as it can be told from what is left.

A tape is known by what it cannot hold: along the lines nothing is left above some 5 of the 6.75 MHz that 720 samples
reach. Measured on 170 tapes of photographs, their noise reduced, and on the same moments before they were recorded
(engine/training/tapes.py): the amplitude there is 0.002 to 0.030 of that at 1 to 2 MHz on nineteen in twenty tapes and
0.075 at most, and without them 0.100 or more on nineteen in twenty and 0.047 at least.

A camera torn round smears the picture along the lines as well, but only as long as it moves: a tape is narrow in all
of its moments. So the source is looked at before (`BandTracer`), and where an eighth of the moments around hold what a
tape cannot, none of them is taken for one. A few may, for a torn tape is sharp where it is torn.

Guards: brightness and colour of everything wider than 17 pixels stay the recording's, for detail is all that is given
back, and a network may not know a lamp's colour. A frame whose lines hold the finest detail was never on such a tape,
or was mended already, and stays bit for bit what it is. Each frame is mended by itself, so that nothing of another
moment can come into it.
"""

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from restoration.engine.compute.local import box_mean
from restoration.engine.errors import gettext_noop
from restoration.engine.frames import Frame
from restoration.engine.networks.mending import mended
from restoration.engine.repairing import Advice, Repair
from restoration.engine.settings import SoftnessSettings
from restoration.engine.specimen import Finding, Specimen, Tracer
from restoration.engine.stage import ShotContext, Stage, Trace

_BEYOND, _WITHIN = (0.85, 1.0), (0.15, 0.3)  # Of the highest frequency that the samples can hold.
_NARROW, _WIDE = 0.045, 0.065
_ORDINARY = 0.2  # What a picture that was never on tape has beyond.
_WIDE_AREA = 8  # Pixels on each side.
_FLAT = 3e-4  # Amplitude within, of a cosine over the line, below which a picture has no detail to be judged by.
TRACE_REACH = 32  # Moments on each side.
_SHARP = 0.125  # Share of the moments around that tell what the others are; at least two.
_TORN = 0.0625  # Share of a moment's lines, the sharpest, that may be torn by dropouts.
_SURELY = 1.1  # Times the noise as it was measured, so that what is left of it is not taken for detail.


class BandTracer(Tracer):
    """What the lines of each moment hold beyond a tape's band and within it: power, of white noise its variance."""

    columns = 2

    def push(self, planes: Tensor, *, parity: int | None = None) -> Tensor:
        beyond, within = (part.cpu() for part in _powers(planes[0, ::2] if parity is None else planes[0]))
        whole = beyond.argsort(stable=True)[:round(len(beyond) * (1 - _TORN))]
        return torch.stack((beyond[whole].mean(), within[whole].mean()))


def mend(settings: SoftnessSettings, context: ShotContext) -> Stage:
    """A stage that gives detail back to each frame [3, H, W] that shows a tape's narrow band."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        for frame in frames:
            is_wanted = settings.enabled and (context.wanted is None or frame.number in context.wanted)
            share = settings.strength * narrowness(frame.planes[0]) if is_wanted else 0.0
            if share > 0 and context.trace is not None:
                share *= narrowness_around(context.trace, frame.number, context.noise_sigma[0], frame.planes.shape[2])
            if share > 0:
                context.note(frame.number, None)
                frame = frame.with_planes(frame.planes + share * detail_of(frame.planes))
            yield frame

    return stage


def detail_of(planes: Tensor) -> Tensor:
    """What planes [3, H, W] lack, without any change of what is wide."""
    missing = mended(planes) - planes
    return missing - torch.stack([box_mean(plane, _WIDE_AREA) for plane in missing])


def narrowness(luma: Tensor) -> float:
    """How surely luma [H, W] comes from a composite tape, 0..1."""
    return _sure(detail_beyond(luma))


def narrowness_around(trace: Trace, number: int, noise: float, width: int) -> float:
    """How surely the moments around that number come from a composite tape, 0..1, by the rows of a `BandTracer`. noise:
    their standard deviation of luma, all of which is taken for white, which hides detail rather than feigning it;
    width: of their lines."""
    first = max(0, number - TRACE_REACH - trace.first)
    powers = trace.rows[first:number + TRACE_REACH + 1 - trace.first] - (_SURELY * noise) ** 2
    told = powers[powers[:, 1] >= _least(width)].clamp_min(0)
    sharpest = (told[:, 0] / told[:, 1]).sqrt().sort(descending=True).values
    return _sure(float(sharpest[max(1, round(_SHARP * len(told)))])) if len(told) > 1 else 1.0


def detail_beyond(luma: Tensor, noise: float = 0.0) -> float | None:
    """The amplitude along the lines of what a tape cannot hold, as a share of what it holds; None where there is too
    little to tell. noise: standard deviation of white noise that is known not to be detail."""
    beyond, within = (float((part.mean() - noise ** 2).clamp_min(0)) for part in _powers(luma))
    return None if within < _least(luma.shape[1]) else (beyond / within) ** 0.5


def _sure(left: float | None) -> float:
    return 0.0 if left is None else min(1.0, max(0.0, (_WIDE - left) / (_WIDE - _NARROW)))


def _least(width: int) -> float:
    """The power within, below which a picture so wide has too little detail to be judged by."""
    return float((_FLAT * width / 4) ** 2 / torch.hann_window(width).square().sum())


def _powers(luma: Tensor) -> tuple[Tensor, Tensor]:
    """Of each line of luma [H, W] the power beyond a tape's band and within it, [H]: the variance of white noise that
    has as much."""
    window = torch.hann_window(luma.shape[1], device=luma.device)
    power = torch.fft.rfft((luma - luma.mean(1, keepdim=True)) * window).abs().square() / window.square().sum()
    last = power.shape[1] - 1
    beyond, within = (power[:, round(low * last):round(high * last)].mean(1) for low, high in (_BEYOND, _WITHIN))
    return beyond, within


def measure(specimen: Specimen) -> Mapping[str, Finding]:
    """How much of the finest detail along the lines is missing, of recordings that hold fields."""
    left = detail_beyond(specimen.now[0], specimen.noise_sigma[0]) if specimen.order is not None else None
    if left is None:
        return {}
    return {"narrow band": Finding(min(1.0, max(0.0, 1 - left / _ORDINARY)), 0.8)}


REPAIR = Repair(
    "softness", is_on=lambda settings: settings.enabled and settings.strength > 0, mend=mend, measure=measure,
    tracer=BandTracer, trace_reach=TRACE_REACH,
    advice=(Advice("narrow band", lambda defect: {"enabled": True}, gettext_noop(
        "The tape's narrow band took {value:.0%} of the finest detail along the lines in {share:.0%} of the reel.")),))
