"""The finest of a face from the moments around it.

Each neighbour is fetched along the motion and split into three bands of detail and what is coarser (the undecimated
pyramid of Burt and Adelson 1983). A band is averaged over all moments, the heavier the more of it a moment shows
thereabouts: the sharpest wins, and where all are alike the mean of all, with less noise, does (after the weighted
Fourier accumulation of Delbracio and Sapiro 2015, in bands instead of frequencies). A moment has a say only where what
is coarser is the same in both, which a hand before the face, a blink or a turn of light is not, and as far as its
detail has the same form as the moment's own: motion that was missed has not. Nothing leaves what the moments that have
a say span at that point.
"""

from collections.abc import Sequence
from dataclasses import dataclass

import torch
from torch import Tensor

from restoration.engine.compute.local import box_mean, local_max, local_min, padded
from restoration.engine.compute.motion import confidence, estimate_both_ways, warp

REACH = 3  # Moments on either side.
_STEPS = (1, 2, 4)
_SHARE = (0.64, 0.10, 0.03)  # Of white noise's variance, in each band.
_COARSE, _MIDDLE = 0.020, 0.050  # Differences below the third and the second band that may still be the same.
_PATIENCE = (0.1, 0.3)  # Of the noise's variance that is added to their squares.
_SHARPEST = 6.0  # Power of a moment's energy that is its weight.
_OWN = 1.2  # Times its energy: others must be sharper by more than chance.
_AROUND, _NEAR = 8, 4  # Pixels over which energy, and likeness of form, are measured.
_SAME_FORM = 0.5  # Correlation.
_LEAST = 1e-7
_HAS_A_SAY = 0.3


@dataclass(frozen=True, slots=True)
class Fused:
    """detail: [H, W], to be added to the luma of the moment in question; back: the flow [2, H, W] to the moment before
    it, None at the beginning; ways: to each of the other moments in order, the flow and how far it is trusted, [H, W],
    0..1."""

    detail: Tensor
    back: Tensor | None
    ways: tuple[tuple[Tensor, Tensor], ...] = ()


@dataclass(frozen=True, slots=True)
class _Moment:
    luma: Tensor
    bands: list[Tensor]
    coarser: list[Tensor]  # What is left below each band.


def fused(moments: Sequence[Tensor], middle: int, sigma: float = 0.0) -> Fused:
    """moments: luma [H, W] of one place at moments in order; sigma: the standard deviation of the noise in them."""
    own = _split(moments[middle])
    trusts, others, ways, back = [torch.ones_like(own.luma)], [own], list[tuple[Tensor, Tensor]](), None
    for index, luma in enumerate(moments):
        if index == middle:
            continue
        there, here = estimate_both_ways(own.luma, luma, finest=1, noise=sigma)
        other = _split(warp(luma, there, mode="bicubic"))
        trusts.append(local_min(_alike(own, other, sigma) * confidence(there, here), 2))
        others.append(other)
        ways.append((there, trusts[-1]))
        back = there if index == middle - 1 else back
    detail = torch.zeros_like(own.luma)
    for band, share in enumerate(_SHARE):
        detail += _joined([other.bands[band] for other in others], trusts, share * sigma ** 2) - own.bands[band]
    return Fused(_within(own.luma + detail, others, trusts) - own.luma, back, tuple(ways))


def steadied(planes: Sequence[Tensor], middle: int, ways: Sequence[tuple[Tensor, Tensor]]) -> Tensor:
    """The mean of what all moments have to add, [H, W] each, along the motion and as far as it is trusted: what stands
    in one moment alone and flickers, hardly is in it. ways: as `fused` found them."""
    summed, total = planes[middle].clone(), torch.ones_like(planes[middle])
    for plane, (there, trust) in zip([*planes[:middle], *planes[middle + 1:]], ways, strict=True):
        summed.addcmul_(warp(plane, there), trust)
        total.add_(trust)
    return summed.div_(total)


def _split(luma: Tensor) -> _Moment:
    bands, coarser = [], []
    for step in _STEPS:
        below = _smoothed(luma, step)
        bands.append(luma - below)
        coarser.append(below)
        luma = below
    return _Moment(bands[0] + coarser[0], bands, coarser)


def fine(luma: Tensor) -> Tensor:
    """The three bands of detail of a plane [H, W] together: all but what is coarser."""
    left = luma
    for step in _STEPS:
        left = _smoothed(left, step)
    return luma - left


def _smoothed(luma: Tensor, step: int) -> Tensor:
    """By 1-2-1 along both axes, the taps `step` pixels apart."""
    wide = padded(luma, x=step, y=step)
    rows = (wide[:-2 * step] + wide[2 * step:]).add_(wide[step:-step], alpha=2)
    return (rows[:, :-2 * step] + rows[:, 2 * step:]).add_(rows[:, step:-step], alpha=2).mul_(1 / 16)


def _alike(own: _Moment, other: _Moment, sigma: float) -> Tensor:
    coarse = box_mean((own.coarser[2] - other.coarser[2]).square_(), 2).div_(_COARSE ** 2 + _PATIENCE[0] * sigma ** 2)
    middle = (own.coarser[1] - other.coarser[1]).square_().div_(_MIDDLE ** 2 + _PATIENCE[1] * sigma ** 2)
    return coarse.add_(middle).neg_().exp_()


def _joined(bands: Sequence[Tensor], trusts: Sequence[Tensor], noise: float) -> Tensor:
    """The mean of one band [H, W] of all moments, the first of which is the moment in question."""
    powers = [band.square() for band in bands]
    energies = [box_mean(power, _AROUND).add_(_LEAST + noise) for power in powers]
    energies[0].mul_(_OWN)
    most = torch.stack(energies).amax(0)
    own, own_power = bands[0], box_mean(powers[0], _NEAR)
    summed, total = torch.zeros_like(most), torch.zeros_like(most)
    for index, (band, energy, trust) in enumerate(zip(bands, energies, trusts, strict=True)):
        weight = energy.div_(most).pow_(_SHARPEST).mul_(trust)
        if index:
            both = (own_power * box_mean(powers[index], _NEAR)).add_(1e-14).sqrt_()
            # What is noise in both has no form that could be another.
            alike = box_mean(own * band, _NEAR).add_(noise).div_(both)
            weight.mul_(alike.sub_(_SAME_FORM).div_(1 - _SAME_FORM).clamp_(0, 1).square_())
        summed.addcmul_(band, weight)
        total.add_(weight)
    return summed.div_(total)


def _within(luma: Tensor, others: Sequence[_Moment], trusts: Sequence[Tensor]) -> Tensor:
    lowest = highest = others[0].luma
    for other, trust in zip(others[1:], trusts[1:], strict=True):
        has_a_say = trust > _HAS_A_SAY
        lowest = torch.where(has_a_say, torch.minimum(lowest, other.luma), lowest)
        highest = torch.where(has_a_say, torch.maximum(highest, other.luma), highest)
    return torch.minimum(torch.maximum(luma, local_min(lowest)), local_max(highest))
