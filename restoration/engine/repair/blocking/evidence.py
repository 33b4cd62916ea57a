"""Whether a picture was coded in blocks: where their grid lies, how high its steps are, and, where nothing happened to
the picture since, how coarsely each of its frequencies was quantised.

Grid: each stretch of 8 columns and 8 lines votes for the column after which the brightness steps most beyond its
neighbours' slope. In a picture without blocks all columns get about as many votes; edges and patterns of the scene vote
for wherever they happen to lie. Steps are then measured where the picture is calm.

Quantiser: the coefficients of blocks laid on the grid are multiples of a step, one for each frequency (Fan and de
Queiroz 2003). It is believed only when nearly all of them are.
"""

from dataclasses import dataclass

import torch
from torch import Tensor

from restoration.engine.compute.blocks import SIDE, spectra

CALM = 2.5 / 255
LEAST_VOTE = 0.3 / 255  # Below it 8 bits alone make steps.
FEWEST = 60  # Votes.
LEAST_SHARE = 0.19
_LEAST_RATIO, _OF_FEW = 1.5, 12.0  # The second over the root of the votes: few agree by chance.
_UNEVEN = 2.0
_CLIPPED = 0.08
_ROUNDED = 3 / 255  # What rounding to 8 bits makes of a coefficient that was zero, at most.
_NEAR = 1.3 / 255
_TOLD = 6 / 255  # Steps of a quantiser from which multiples can be told from anything.
_MULTIPLES = 0.55
_FEWEST_PRESENT = 8
_CLIPS = 0.4 / 255


@dataclass(frozen=True, slots=True)
class Grid:
    """across: the first column of a block, 0..7; share: of the votes it has; ratio: to those of the best other place;
    least: the ratio from which it is believed, twice as much where the other places' votes are as unlike as a pattern
    of the scene makes them; step: how much higher steps are on the grid than off it where the picture is calm, on the
    0..1 scale."""

    across: int
    share: float
    ratio: float
    least: float
    step: float

    @property
    def is_certain(self) -> bool:
        return self.share >= LEAST_SHARE and self.ratio >= self.least and self.step > 0


def steps(luma: Tensor) -> Tensor:
    """How much each column differs from the next beyond what its neighbours do, the mean over 8 lines [H/8, W-3]; the
    first value lies between the second and the third column."""
    high = luma.shape[0] // SIDE * SIDE
    slopes = luma[:high, 1:] - luma[:high, :-1]
    beyond = (slopes[:, 1:-1] - (slopes[:, 2:] + slopes[:, :-2]) / 2).abs_().clamp_(max=_CLIPPED)
    return beyond.reshape(high // SIDE, SIDE, -1).mean(1)


def grid_of(*moments: Tensor) -> Grid:
    """The grid that planes [H, W] share; without enough to tell it by, one that nobody believes."""
    stretches = torch.cat([_stretched(steps(luma)) for luma in moments])
    highest = stretches.max(-1)
    votes = torch.bincount(highest.indices[highest.values > LEAST_VOTE].cpu(), minlength=SIDE).float()
    if votes.sum() < FEWEST:
        return Grid(0, 0.0, 0.0, 1.0, 0.0)
    shares = votes / votes.sum()
    place = int(shares.argmax())
    others = [(place + away) % SIDE for away in range(2, SIDE - 1)]
    off = stretches[:, others].mean(-1)
    calm = off < CALM
    # numpy's sums do not depend on the number of threads.
    step = float((stretches[:, place] - off)[calm].cpu().numpy().mean()) if bool(calm.any()) else 0.0
    most, middle = (float(of(shares[others])) for of in (torch.max, torch.median))
    ratio = float(shares[place]) / max(most, 1e-6)
    least = (_LEAST_RATIO + _OF_FEW * float(votes.sum()) ** -0.5) * (2 if most > _UNEVEN * middle else 1)
    return Grid((place + 2) % SIDE, float(shares[place]), ratio, least, step)


def _stretched(found: Tensor) -> Tensor:
    return found[:, :found.shape[1] // SIDE * SIDE].reshape(-1, SIDE)


def higher_at(luma: Tensor, grid: Grid) -> Tensor:
    """bool [H, W]: the edges of blocks that can be seen: two columns wide, where the picture is calm."""
    found = steps(luma)
    place = (grid.across - 2) % SIDE
    stretches = found[:, :found.shape[1] // SIDE * SIDE].reshape(found.shape[0], -1, SIDE)
    off = stretches[..., [(place + away) % SIDE for away in range(2, SIDE - 1)]].mean(-1)
    is_seen = (off < CALM) & (stretches[..., place] > 2 * off + LEAST_VOTE)
    mask = torch.zeros_like(luma, dtype=torch.bool)
    high, wide = is_seen.shape
    for column in (place + 1, place + 2):
        mask[:high * SIDE, column::SIDE][:, :wide] = is_seen.repeat_interleave(SIDE, 0)
    return mask


def quantiser_of(plane: Tensor, place: tuple[int, int]) -> Tensor | None:
    """The steps [64] by which blocks laid at `place` (lines, columns) were quantised, on the 0..1 scale; None where
    their coefficients are not multiples of any. Of frequencies that are nowhere present, at least what is known of
    lower ones. That of even brightness is not looked for and taken to be that of the frequency beside it."""
    part = plane[place[0]:, place[1]:]
    sizes = spectra(part)[_is_whole(part)].abs_()
    if len(sizes) < FEWEST:
        return None
    present = sizes > _ROUNDED
    counts = present.sum(0)
    ordered = torch.where(present, sizes, torch.inf).sort(0).values
    step = ordered.gather(0, (counts // 8).clamp(max=len(sizes) - 1)[None])[0]
    is_known = counts >= _FEWEST_PRESENT
    is_known[0] = False
    told = present & (is_known & (step > _TOLD)) & (sizes < 2.5 * step)
    if int(told.sum()) < FEWEST:
        return None
    is_near = told & ((sizes - step * (sizes / step).round()).abs() < _NEAR)
    if int(is_near.sum()) < _MULTIPLES * int(told.sum()):
        return None
    is_known &= (step <= _TOLD) | (is_near.sum(0) >= _MULTIPLES * told.sum(0))
    known = torch.where(is_known, step, 0.0)
    known[0] = known[[1, SIDE]].amax()
    lower = known.reshape(SIDE, SIDE).cummax(0).values.cummax(1).values.reshape(-1)
    # Quantisers are coarser the finer the detail: what seems far finer than lower ones is a stray coefficient.
    return torch.where(known > lower / 2.5, known, lower) if known[0] > 0 else None


def _is_whole(plane: Tensor) -> Tensor:
    """Which blocks of a plane touch neither end of 8 bits, where coders clip: [blocks]."""
    high, wide = (size // SIDE for size in plane.shape)
    cut = plane[:high * SIDE, :wide * SIDE].reshape(high, SIDE, wide, SIDE)
    return ((cut.amin((1, 3)) > _CLIPS) & (cut.amax((1, 3)) < 1 - _CLIPS)).reshape(-1)
