"""Steps in what was a smooth gradient, spread again over the plateaus between them.

A plateau says that the gradient ran within half a step of it (as quantisation does), so each plane is smoothed from far
to near and always brought back to within half of the steps around: a gradient of even slope comes out straight. Where
the ten bits of a master would step again, a triangular dither of one of theirs hides it; it follows from the shot's
seed and the frame's number alone.

Bands are believed where most neighbours are equal, the others differ by no more than `steps`, most of these the same
way, up or down. Edges are higher, texture and grain have no plateaus, fine lines go up and down: all stay as they are.
The edge of a flat surface that is no higher than `steps` cannot be told from a band.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import torch
from torch import Tensor

from restoration.engine.compute.local import box_mean, local_max, local_min
from restoration.engine.errors import gettext_noop
from restoration.engine.facts import Defect
from restoration.engine.frames import Frame
from restoration.engine.repairing import Advice, Repair
from restoration.engine.settings import BandingSettings
from restoration.engine.specimen import Finding, Specimen
from restoration.engine.stage import ShotContext, Stage

_EQUAL, _STEP = 0.1 / 255, 0.6 / 255  # What is no step, and what is one; plateaus leave hardly anything between.
_BETWEEN = 0.1  # Of the steps, how many may be neither.
_TOLERANCE = 1.25  # Of the highest step: two may meet in a corner.
_NEAR, _AROUND = 4, 20  # Pixels: within which there are no edges; in which steps are looked for.
_FEWEST = 0.01  # Steps for each pixel around.
_STILL = 0.55  # Share of neighbours along lines, and along columns, that are equal.
_ONE_WAY = 0.3
_FAR_TO_NEAR = (16, 16, 11, 11, 8, 8, 5, 5, 3, 3, 2, 2)
_WIDTHS = 0.5  # Of a plateau: how far is smoothed, so that bends stay.
_HALF = 0.4  # Of a step, a little less than what rounding moves.
_DITHER = 1 / 876  # One step of ten bits in limited range.
_HIGHEST = 6 / 255
_COARSE = 1.6 / 255  # Higher than what 8 bits alone make.


@dataclass(frozen=True, slots=True)
class _Bands:
    """where: bool [H, W]; height: of the steps around, float [H, W], on the 0..1 scale; width: pixels from one step to
    the next, float [H, W]."""

    where: Tensor
    height: Tensor
    width: Tensor


def smooth_bands(settings: BandingSettings, context: ShotContext) -> Stage:
    """A stage that smooths banded gradients in each plane of frames [3, H, W]."""

    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        for frame in frames:
            bands = [bands_of(plane, settings.steps / 255) for plane in frame.planes] if settings.enabled else []
            if not any(bool(band.where.any()) for band in bands):
                yield frame
                continue
            dither = _dither(frame.planes, context.seed, frame.number)
            planes = torch.stack([_smoothed(*each) for each in zip(frame.planes, bands, dither, strict=True)])
            context.note(frame.number, torch.stack([band.where for band in bands]).any(0))
            yield frame.with_planes(planes)

    return stage


def bands_of(plane: Tensor, highest: float) -> _Bands:
    """Where a plane [H, W] has steps of up to `highest` between plateaus."""
    along = torch.zeros(2, *plane.shape, device=plane.device)
    along[0, :, 1:] = plane[:, 1:] - plane[:, :-1]
    along[1, 1:] = plane[1:] - plane[:-1]
    height = along.abs()
    is_step, is_equal = (height > _STEP).float(), (height < _EQUAL).float()
    neither = 2 - (is_step + is_equal).sum(0)
    down, across, between = box_mean(torch.stack([*is_equal, neither]), _NEAR)
    is_calm = (local_max(height.amax(0), _NEAR) <= _TOLERANCE * highest) & (between <= 2 * _BETWEEN)
    is_calm &= torch.minimum(down, across) >= _STILL
    counts = torch.stack([(height * is_step).sum(0), is_step.sum(0), neither, *along, torch.ones_like(plane)])
    rise, steps, between, *one_way, share = box_mean(counts * is_calm, _AROUND)
    rise, steps, between, *one_way = (each / share.clamp(min=1e-3) for each in (rise, steps, between, *one_way))
    is_stair = (steps > _FEWEST) & (between <= _BETWEEN * steps) & (one_way[0].hypot(one_way[1]) >= _ONE_WAY * rise)
    # A lone stretch that happens to look like bands is none.
    where = local_max(local_min((is_calm & is_stair).float(), _NEAR), _NEAR) > 0
    return _Bands(where, rise / steps.clamp(min=1e-6), 1 / steps.clamp(min=1e-3))


def _smoothed(plane: Tensor, bands: _Bands, dither: Tensor) -> Tensor:
    weight = bands.where.float()
    reach = _HALF * bands.height
    low, high, made = plane - reach, plane + reach, plane
    for radius in _FAR_TO_NEAR:
        total, share = box_mean(torch.stack([made * weight, weight]), radius)
        fits = bands.where & (radius <= _WIDTHS * bands.width)
        made = torch.where(fits, (total / share.clamp(min=1e-6)).clamp(low, high), made)
    return torch.where(bands.where, made + dither, plane)


def _dither(planes: Tensor, seed: int, number: int) -> Tensor:
    dice = torch.Generator().manual_seed((seed * 1_000_003 + number) % 2 ** 63)
    one, other = torch.rand(2, *planes.shape, generator=dice)
    return ((one - other) * _DITHER).to(planes.device)


def measure(specimen: Specimen) -> Mapping[str, Finding]:
    """"banding": the share of the picture whose gradients have steps that 8 bits do not explain."""
    bands = bands_of(specimen.now[0], _HIGHEST)
    where = bands.where & (bands.height >= _COARSE)
    share = float(where.float().mean())
    if not share:
        return {"banding": Finding(0.0, 0.9)}
    height = 255 * float(bands.height[where].quantile(0.9)) if int(where.sum()) < 1_000_000 else 255 * _HIGHEST
    return {"banding": Finding(share, 0.9, where, {"height": round(height, 2)})}


def _chosen(defect: Defect) -> Mapping[str, object]:
    return {"enabled": True, "steps": round(min(6.0, max(1.5, 1.2 * defect.hints.get("height", 0.0))), 1)}


REPAIR = Repair("banding", is_on=lambda settings: settings.enabled, mend=smooth_bands, measure=measure, advice=(
    Advice("banding", _chosen, gettext_noop(
        "On {value:.0%} of the picture, gradients rise in steps of {height:.1f}/255 that can be seen.")),))
