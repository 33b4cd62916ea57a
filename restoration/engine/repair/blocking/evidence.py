"""Whether a picture was coded in blocks: where their grid lies and how high its steps are.

Each stretch of 8 lines votes for every column whose step beyond its neighbours' slope is the highest within 3 columns.
In a picture without blocks all columns modulo 8 get about as many votes; edges and patterns of the scene vote for
wherever they happen to lie. The highest within fixed stretches of columns would favour their ends. Even where a coder's
own loop filter left steps of one part in 255, more than chance lie on its grid.

Coders with prediction draw the grid clearly in their intra frames and carry it along with the motion into the others:
a window of frames is believed when one of them is certain, or all of them together.
"""

from collections.abc import Sequence
from dataclasses import dataclass, replace

import torch
import torch.nn.functional as F
from torch import Tensor

from restoration.engine.compute.blocks import SIDE

CALM = 2.5 / 255
LEAST_VOTE = 0.3 / 255  # Below it 8 bits alone make steps.
FEWEST = 60  # Votes.
LEAST_SHARE = 0.15
_OF_ONE, _OF_SEVERAL = (1.3, 8.0), (1.15, 4.0)  # The second over the root of the votes: few agree by chance.
_UNEVEN = 2.0
_CLIPPED = 0.08
_APART = 3  # Columns within which only the highest step votes.
_OTHERS = range(2, SIDE - 1)  # Columns away from a grid's that say what there is without it.


@dataclass(frozen=True, slots=True)
class Grid:
    """across: the first column of a block, 0..7; share: of the votes it has; ratio: to those of the best other place;
    least: the ratio from which it is believed, twice as much where the other places' votes are as unlike as a pattern
    of the scene makes them; step: how much higher steps are on the grid than off it where the picture is calm, the mean
    over all blocks; height: that of the steps that can be seen, both on the 0..1 scale."""

    across: int
    share: float
    ratio: float
    least: float
    step: float
    height: float

    @property
    def is_certain(self) -> bool:
        return self.share >= LEAST_SHARE and self.ratio >= self.least and self.height > 0


NO_GRID = Grid(0, 0.0, 0.0, 1.0, 0.0, 0.0)


def steps(luma: Tensor) -> Tensor:
    """How much each column differs from the next beyond what its neighbours do, the mean over 8 lines [H/8, W-3]; the
    first value lies between the second and the third column."""
    high = luma.shape[0] // SIDE * SIDE
    slopes = luma[:high, 1:] - luma[:high, :-1]
    beyond = (slopes[:, 1:-1] - (slopes[:, 2:] + slopes[:, :-2]) / 2).abs_().clamp_(max=_CLIPPED)
    return beyond.reshape(high // SIDE, SIDE, -1).mean(1)


def tally(luma: Tensor) -> Tensor:
    """What a plane [H, W] says of each column a block may begin at, [8, 5] on the CPU: votes; those where the picture
    is calm and how far they rise above it; all calm steps and how far those do. Pictures too small for one say nothing.
    """
    if min(luma.shape) < 2 * SIDE:
        return torch.zeros(SIDE, 5, dtype=torch.float64)
    found = steps(luma)
    around = _around(found)
    votes = (found >= _highest_near(found)) & (found > LEAST_VOTE)
    calm = around < CALM
    above = (found - around) * calm
    said = torch.stack([votes.float(), (votes & calm).float(), above * votes, calm.float(), above])
    said = F.pad(said, (2, -(found.shape[1] + 2) % SIDE))
    # numpy's sums do not depend on the number of threads.
    sums = said.reshape(5, found.shape[0], -1, SIDE).cpu().numpy().sum((1, 2), dtype="float64")
    return torch.from_numpy(sums).T


def _highest_near(found: Tensor) -> Tensor:
    return F.max_pool1d(F.pad(found[:, None], (_APART, _APART)), 2 * _APART + 1, 1)[:, 0]


def _around(found: Tensor) -> Tensor:
    """The mean of the steps two to four columns to either side."""
    wide, width = F.pad(found[:, None], (4, 4), mode="replicate")[:, 0], found.shape[1]
    return sum((wide[:, 4 + away:4 + away + width] for away in (-4, -3, -2, 2, 3, 4)), torch.zeros_like(found)) / 6


def grid_of(*moments: Tensor) -> Grid:
    """The grid that planes [H, W] share; without enough to tell it by, one that nobody believes."""
    return shared_grid([tally(luma) for luma in moments])


def shared_grid(tallies: Sequence[Tensor]) -> Grid:
    """The grid that the frames of a window share, by their tallies."""
    if len(tallies) == 1:
        return _grid(tallies[0], *_OF_ONE)
    # Frames of one shot are no evidence independent of each other: the mean counts, not the sum.
    together = _grid(torch.stack(list(tallies)).mean(0), *_OF_SEVERAL)
    ones = (_grid(each, *_OF_ONE) for each in tallies)
    if any(one.is_certain and one.across == together.across for one in ones):
        return replace(together, share=max(together.share, LEAST_SHARE), ratio=max(together.ratio, together.least))
    return together


def _grid(said: Tensor, ratio: float, of_few: float) -> Grid:
    votes = said[:, 0]
    if votes.sum() < FEWEST:
        return NO_GRID
    shares = votes / votes.sum()
    place = int(shares.argmax())
    others = [(place + away) % SIDE for away in _OTHERS]
    most, middle = (float(of(shares[others])) for of in (torch.max, torch.median))
    least = (ratio + of_few * float(votes.sum()) ** -0.5) * (2 if most > _UNEVEN * middle else 1)
    own, rest = said[place], said[others].mean(0)
    seen = float(own[1] - rest[1])
    return Grid(place, float(shares[place]), float(shares[place]) / max(most, 1e-6), least,
                float(own[4] / max(float(own[3]), 1.0) - rest[4] / max(float(rest[3]), 1.0)),
                max(0.0, float(own[2] - rest[2]) / seen) if seen >= 1 else 0.0)


def higher_at(luma: Tensor, grid: Grid) -> Tensor:
    """bool [H, W]: the edges of blocks that can be seen: two columns wide, where the picture is calm."""
    found = steps(luma)
    around = _around(found)
    is_seen = (around < CALM) & (found > 2 * around + LEAST_VOTE)
    is_seen &= (torch.arange(found.shape[1], device=found.device) + 2) % SIDE == grid.across
    mask = torch.zeros_like(luma, dtype=torch.bool)
    high, wide = found.shape
    for column in (1, 2):
        mask[:high * SIDE, column:column + wide] |= is_seen.repeat_interleave(SIDE, 0)
    return mask
