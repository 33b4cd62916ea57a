"""What alternates from frame to frame while the picture does not.

Method: the temporal comb (2I(n) - I(n-1) - I(n+1))/4 of each parity of lines (after TComb), held to what both
neighbours agree on and weighted point by point as by Wiener's rule: the energy that alternates against the energy of
the same comb two frames wide, which has picture and noise in it alone.

Guards: in brightness only the carrier's band, where it alternates from line to line as well; the rest only where that
was found and nothing moves. Light that alternates shows as even brightness and stops both. A sparkle of one frame is in
the wider comb as it is in the narrow one, and one of a neighbour has no agreement.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from restoration.engine.compute.lines import band_taps, filtered
from restoration.engine.compute.local import mean_around, padded

LEAST = (0.3 / 255) ** 2, (0.4 / 255) ** 2  # Energies below which nothing is seen, of luma and of both colours.

# The carrier lies at 0.2652 cycles a pixel, colour up to 1.5 MHz on both sides of it.
_BAND = band_taps(0.14, 0.38, 8)
_AGREED = 0.75
_OUTSIDE = 0.02
_FAINT = 0.1
# What the comb leaves of white noise: (4 + 1 + 1) / 16, of which the band lets through 0.48; two planes of colour.
_NOISE = 0.375 * 0.48, 0.375 * 2


@dataclass(frozen=True, slots=True)
class Lines:
    """Lines [3, ..., h, W] of one frame and the carrier's band of their luma."""

    planes: Tensor
    band: Tensor


@dataclass(frozen=True, slots=True)
class Crosstalk:
    """What is to be subtracted: luma [..., h, W] and colour [2, ..., h, W], and how surely each is crosstalk, 0..1. The
    hints [..., h, W] say the same of what may be noise as well, which over a whole field tells more."""

    luma: Tensor
    colour: Tensor
    luma_weight: Tensor
    colour_weight: Tensor
    luma_hint: Tensor
    colour_hint: Tensor


def banded(planes: Tensor) -> Lines:
    return Lines(planes, filtered(planes[0], _BAND))


def crosstalk(around: list[Lines | None], sigma: tuple[float, float]) -> Crosstalk | None:
    """From the lines of five frames, None beyond the ends of the shot; None where too few are there to tell."""
    outer_before, before, now, after, outer_after = around
    before, after = before or after, after or before
    outer_before, outer_after = outer_before or outer_after, outer_after or outer_before
    if now is None or before is None or after is None or outer_before is None or outer_after is None:
        return None
    past, future = now.planes - before.planes, now.planes - after.planes
    past_band, future_band = now.band - before.band, now.band - after.band
    dots, rest = _agreed(past_band, future_band), _agreed(past[0] - past_band, future[0] - future_band)
    colour = _agreed(past[1:], future[1:])
    # One plane after the other stays within the processor's cache; all at once take twice as long.
    in_band, out_of_band, in_colour, band_wide, rest_wide, colour_wide = (mean_around(energy, x=4, y=1) for energy in (
        dots.square(), rest.square(), colour.square().sum(0), *_wide(now, outer_before, outer_after)))
    light = mean_around((past[0] + future[0]).mul_(0.25), x=6, y=3).square_()
    other = band_wide + _OUTSIDE * out_of_band + light + _unlike_carrier(dots) + LEAST[0]
    luma_hint, luma_weight = _weights(in_band, other, band_wide, _NOISE[0] * sigma[0] ** 2)
    rest_weight = _weight(out_of_band, 2 * rest_wide + light + LEAST[0]).mul_(luma_weight > 0)
    other = colour_wide + light + LEAST[1]
    colour_hint, colour_weight = _weights(in_colour, other, colour_wide, _NOISE[1] * sigma[1] ** 2)
    return Crosstalk(dots + rest * rest_weight, colour, luma_weight, colour_weight, luma_hint, colour_hint)


def _wide(now: Lines, before: Lines, after: Lines) -> tuple[Tensor, Tensor, Tensor]:
    """Energies [..., h, W] of the comb over frames in which the carrier is the same: the luma's band, the rest of it,
    and colour."""
    wide = (now.planes - before.planes).add_(now.planes - after.planes).mul_(0.25)
    band = (now.band - before.band).add_(now.band - after.band).mul_(0.25)
    return band.square(), (wide[0] - band).square_(), wide[1:].square().sum(0)


def _agreed(past: Tensor, future: Tensor) -> Tensor:
    """A quarter of the sum, no further from 0 than the smaller of the two allows, 0 where they pull apart."""
    room = torch.minimum(past.abs(), future.abs()).mul_(_AGREED).mul_(past * future > 0)
    return torch.minimum(torch.maximum((past + future).mul_(0.25), -room), room)


def _unlike_carrier(dots: Tensor) -> Tensor:
    """Energy that is the same from line to line beyond what alternates, as the carrier's does."""
    tall = padded(dots, y=1)
    around = tall[..., :-2, :] + tall[..., 2:, :]
    # (2d + a)^2 - (2d - a)^2 is 8da.
    return mean_around(dots * around, x=4, y=2).clamp_(min=0).mul_(0.5)


def _weights(energy: Tensor, other: Tensor, wide: Tensor, noise: float) -> tuple[Tensor, Tensor]:
    """The hint and the weight, which has a margin for noise, whose energy is the same in both combs but for chance."""
    hint = _weight(energy, other)
    return hint, _weight(energy, other + mean_around(wide, x=4, y=2).clamp_(max=noise)) if noise else hint


def _weight(energy: Tensor, other: Tensor) -> Tensor:
    """How much of the energy is neither picture, noise nor light; what is hardly any is none."""
    share = (other / energy.clamp(min=1e-12)).clamp_(max=1)
    weight = 1 - share * share * share
    return weight.mul_(weight > _FAINT)
