"""Softness of composite tape: what its narrow band, the decoder's comb and the camera's scan took of the detail, given
back by the network `tape-mender` as far as it can be told from what is left.

A tape is known by what it cannot hold: along the lines nothing is left above some 5 of the 6.75 MHz that 720 samples
reach. Measured on 170 tapes of photographs, their noise reduced, and on the same moments before they were recorded
(engine/training/tapes.py): the amplitude there is 0.002 to 0.030 of that at 1 to 2 MHz on nineteen in twenty tapes and
0.075 at most, and without them 0.100 or more on nineteen in twenty and 0.047 at least.

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
from restoration.engine.specimen import Finding, Specimen
from restoration.engine.stage import ShotContext, Stage

_BEYOND, _WITHIN = (0.85, 1.0), (0.15, 0.3)  # Of the highest frequency that the samples can hold.
_NARROW, _WIDE = 0.045, 0.065
_ORDINARY = 0.2  # What a picture that was never on tape has beyond.
_WIDE_AREA = 8  # Pixels on each side.
_FLAT = 3e-4  # Amplitude within, of a cosine over the line, below which a picture has no detail to be judged by.


def mend(settings: SoftnessSettings, context: ShotContext) -> Stage:
    """A stage that gives detail back to each frame [3, H, W] that shows a tape's narrow band."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        for frame in frames:
            share = settings.strength * narrowness(frame.planes[0]) if settings.enabled else 0.0
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
    left = detail_beyond(luma)
    return 0.0 if left is None else min(1.0, max(0.0, (_WIDE - left) / (_WIDE - _NARROW)))


def detail_beyond(luma: Tensor, noise: float = 0.0) -> float | None:
    """The amplitude along the lines of what a tape cannot hold, as a share of what it holds; None where there is too
    little to tell. noise: standard deviation of white noise that is known not to be detail."""
    width = luma.shape[1]
    window = torch.hann_window(width, device=luma.device)
    power = torch.fft.rfft((luma - luma.mean(1, keepdim=True)) * window).abs().square().mean(0)
    power = (power - noise ** 2 * window.square().sum()).clamp_min(0)
    beyond, within = (power[round(low * (len(power) - 1)):round(high * (len(power) - 1))].mean().sqrt()
                      for low, high in (_BEYOND, _WITHIN))
    return None if float(within) < _FLAT * width / 4 else float(beyond / within)


def measure(specimen: Specimen) -> Mapping[str, Finding]:
    """How much of the finest detail along the lines is missing, of recordings that hold fields."""
    left = detail_beyond(specimen.now[0], specimen.noise_sigma[0]) if specimen.order is not None else None
    if left is None:
        return {}
    return {"narrow band": Finding(min(1.0, max(0.0, 1 - left / _ORDINARY)), 0.8)}


REPAIR = Repair(
    "softness", is_on=lambda settings: settings.enabled and settings.strength > 0, mend=mend, measure=measure,
    advice=(Advice("narrow band", lambda defect: {"enabled": True}, gettext_noop(
        "The tape's narrow band took {value:.0%} of the finest detail along the lines in {share:.0%} of the reel.")),))
