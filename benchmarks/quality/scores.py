"""How near a picture is to the truth, how well a mask fits, how well a number tells damaged from clean."""

from collections.abc import Sequence
from dataclasses import asdict, dataclass

import torch
from torch import Tensor
from torch.nn.functional import conv2d, pad

from benchmarks.quality.truth import MATRIX
from restoration.engine.media.color import to_rgb

MOST = 99.0  # dB that stand for equal.
STEP = 1 / 255  # What counts as a changed pixel: more than a step of 8 bits.


@dataclass(frozen=True, slots=True)
class Score:
    """PSNR in dB (at most 99) of luma, of all three planes together and of R'G'B', and the mean SSIM of luma."""

    luma: float
    planes: float
    rgb: float
    ssim: float

    def as_json(self) -> dict[str, float]:
        return {name: round(value, 4) for name, value in asdict(self).items()}


def score(made: Tensor, truth: Tensor, where: Tensor | None = None) -> Score | None:
    """Clips [T, 3, H, W] of one shape; where: bool [T, H, W], None for everything. None where there is no pixel."""
    if where is not None and not bool(where.any()):
        return None
    errors = (made - truth).square()
    rgb = to_rgb(made - truth, MATRIX).square()
    likeness = torch.cat([ssim_map(one[0], other[0])[None] for one, other in zip(made, truth, strict=True)])
    return Score(_decibels(errors[:, :1], where), _decibels(errors, where), _decibels(rgb, where),
                 float(likeness.double().mean() if where is None else likeness[where].double().mean()))


def decibels(made: Tensor, other: Tensor, where: Tensor | None = None) -> float:
    """PSNR of all three planes of [T, 3, H, W], at most 99 dB, over the pixels `where` (all of them when None)."""
    return _decibels((made - other).square(), where)


def _decibels(errors: Tensor, where: Tensor | None) -> float:
    chosen = errors if where is None else errors.transpose(0, 1)[:, where]
    mean = float(chosen.double().mean()) if chosen.numel() else 0.0
    return MOST if mean == 0 else min(MOST, float(-10 * torch.log10(torch.tensor(mean, dtype=torch.float64))))


def ssim_map(one: Tensor, other: Tensor) -> Tensor:
    """Structural similarity around each pixel of two luma planes [H, W]: Wang et al., IEEE TIP 2004, a Gaussian of
    sigma 1.5 over 11 pixels, edges mirrored."""
    one, other = one.double(), other.double()
    stacked = torch.stack([one, other, one * one, other * other, one * other])[:, None]
    place = torch.arange(-5, 6, dtype=torch.float64)
    taps = torch.exp(-place ** 2 / (2 * 1.5 ** 2))
    taps = taps / taps.sum()
    rows = conv2d(pad(stacked, (5, 5, 5, 5), mode="reflect"), taps[None, None, :, None])
    mean_one, mean_other, square_one, square_other, product = conv2d(rows, taps[None, None, None])[:, 0]
    near, steady = 0.01 ** 2, 0.03 ** 2
    both = mean_one * mean_other
    spread = square_one - mean_one ** 2 + square_other - mean_other ** 2
    return ((2 * both + near) * (2 * (product - both) + steady)
            / ((mean_one ** 2 + mean_other ** 2 + near) * (spread + steady))).float()


@dataclass(slots=True)
class MaskScore:
    """Pixels of found masks against true ones, summed over clips."""

    hits: int = 0
    found: int = 0
    true: int = 0

    def add(self, found: Tensor, true: Tensor) -> None:
        """bool masks of one shape."""
        self.hits += int((found & true).sum())
        self.found += int(found.sum())
        self.true += int(true.sum())

    @property
    def precision(self) -> float | None:
        return self.hits / self.found if self.found else None

    @property
    def recall(self) -> float | None:
        return self.hits / self.true if self.true else None

    @property
    def f1(self) -> float | None:
        return 2 * self.hits / (self.found + self.true) if self.found + self.true else None


def area_under_curve(damaged: Sequence[float], clean: Sequence[float]) -> float | None:
    """How often a damaged clip's value lies above a clean one's, ties counting half: 0.5 guesses, 1 never errs."""
    if not damaged or not clean:
        return None
    high, low = torch.tensor(damaged)[:, None], torch.tensor(clean)[None]
    return float(((high > low).float() + 0.5 * (high == low).float()).mean())


def changed_share(made: Tensor, before: Tensor) -> float:
    """Of the pixels of [T, 3, H, W], how many moved by more than an 8-bit step in any plane."""
    return float(((made - before).abs() > STEP).any(1).float().mean())
