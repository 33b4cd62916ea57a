"""Steps in what was a smooth gradient, spread again over the plateaus between them.

Where the ten bits of a master would step again, a triangular dither of one of theirs hides it; it follows from the
shot's seed and the frame's number alone.
"""

from collections.abc import Iterator, Mapping

import torch
from torch import Tensor

from restoration.engine.errors import gettext_noop
from restoration.engine.facts import Defect
from restoration.engine.frames import Frame
from restoration.engine.repair.banding.evidence import as_pixels, bands_of
from restoration.engine.repair.banding.smoothing import gradients
from restoration.engine.repairing import Advice, Repair
from restoration.engine.settings import BandingSettings
from restoration.engine.specimen import Finding, Specimen
from restoration.engine.stage import ShotContext, Stage

_DITHER = 1 / 876  # One step of ten bits in limited range.
_HIGHEST = 6 / 255
_TOLD = 3  # Squares on each side: what is smaller may be mended but is not worth a word.
_COARSE = 1.6 / 255  # Higher than what 8 bits alone make.


def smooth_bands(settings: BandingSettings, context: ShotContext) -> Stage:
    """A stage that smooths banded gradients in each plane of frames [3, H, W]."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        for frame in frames:
            bands = bands_of(frame.planes, settings.steps / 255) if settings.enabled else None
            if bands is None or not bool(bands.where.any()):
                yield frame
                continue
            dither = _dither(frame.planes, context.seed, frame.number)
            made = torch.where(bands.where, gradients(frame.planes, bands) + dither, frame.planes)
            context.note(frame.number, bands.where.any(0))
            yield frame.with_planes(made)

    return stage


def _dither(planes: Tensor, seed: int, number: int) -> Tensor:
    dice = torch.Generator().manual_seed((seed * 1_000_003 + number) % 2 ** 63)
    one, other = torch.rand(2, *planes.shape, generator=dice)
    return ((one - other) * _DITHER).to(planes.device)


def measure(specimen: Specimen) -> Mapping[str, Finding]:
    """"banding": the share of the picture whose gradients have steps that 8 bits do not explain."""
    luma = specimen.now[:1]
    bands = bands_of(luma, _HIGHEST, least=_TOLD)
    height = as_pixels(bands.height, luma)[0]
    where = bands.where[0] & (height >= _COARSE)
    share = float(where.float().mean())
    if not share:
        return {"banding": Finding(0.0, 0.9)}
    highest = 255 * float(height[where][::16].quantile(0.9))
    return {"banding": Finding(share, 0.9, where, {"height": round(highest, 2)})}


def _chosen(defect: Defect) -> Mapping[str, object]:
    return {"enabled": True, "steps": round(min(6.0, max(1.5, 1.2 * defect.hints.get("height", 0.0))), 1)}


REPAIR = Repair("banding", is_on=lambda settings: settings.enabled, mend=smooth_bands, measure=measure, advice=(
    Advice("banding", _chosen, gettext_noop(
        "On {value:.0%} of the picture, gradients rise in steps of {height:.1f}/255 that can be seen.")),))
