"""Connected pixels as numbered regions, and sums over them. For masks of few pixels, as damage has; found on
the CPU, drawn where the mask lay."""

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

Numbers = npt.NDArray[np.int64]
Values = npt.NDArray[np.float64]


class Regions:
    """The 8-connected regions of a mask [H, W], numbered 0..count-1 in the order of their first pixel.

    rows, columns, numbers: int64 [N], the place of each pixel of the mask and the region it belongs to.
    """

    def __init__(self, mask: Tensor) -> None:
        self._device = mask.device
        held = mask.cpu().numpy()
        self.shape: tuple[int, int] = held.shape
        self.rows, self.columns = (places.astype(np.int64) for places in np.nonzero(held))
        self.numbers, self.count = _numbered(self.rows, self.columns, self.shape)

    def sums(self, values: Tensor | None = None) -> Values:
        """Of each region: its area, or the sum of values [H, W] over it."""
        weights = None if values is None else self.at(values)
        return np.bincount(self.numbers, weights, self.count).astype(np.float64)

    def means(self, values: Tensor) -> Values:
        return self.sums(values) / self.sums()

    def highest(self, values: Tensor) -> Values:
        """The highest of values [H, W] in each region."""
        found = np.full(self.count, -np.inf)
        np.maximum.at(found, self.numbers, self.at(values))
        return found

    def at(self, values: Tensor) -> Values:
        """Values [H, W] at the regions' pixels."""
        return values.cpu().numpy()[self.rows, self.columns].astype(np.float64)

    def middles(self) -> Values:
        """[count, 2]: the mean row and column of each."""
        areas = self.sums()
        return np.stack([np.bincount(self.numbers, places, self.count) / areas
                         for places in (self.rows, self.columns)], 1)

    def spans(self) -> Values:
        """[count, 2]: height and width of each one's box."""
        found = []
        for places in (self.rows, self.columns):
            low, high = np.full(self.count, np.iinfo(np.int64).max), np.full(self.count, -1)
            np.minimum.at(low, self.numbers, places)
            np.maximum.at(high, self.numbers, places)
            found.append((high - low + 1).astype(np.float64))
        return np.stack(found, 1)

    def mask(self, chosen: npt.NDArray[np.bool_]) -> Tensor:
        """Bool [H, W] of the chosen regions' pixels."""
        drawn = np.zeros(self.shape, bool)
        kept = chosen[self.numbers]
        drawn[self.rows[kept], self.columns[kept]] = True
        return torch.from_numpy(drawn).to(self._device)

    def spread(self, values: Values) -> Tensor:
        """Float [H, W]: each region's value at its pixels, 0 elsewhere."""
        drawn = np.zeros(self.shape, np.float32)
        drawn[self.rows, self.columns] = values[self.numbers]
        return torch.from_numpy(drawn).to(self._device)


def _numbered(rows: Numbers, columns: Numbers, shape: tuple[int, int]) -> tuple[Numbers, int]:
    """Union by least number, all pixels at once, until nothing changes."""
    places = np.full((shape[0] + 1, shape[1] + 2), -1, np.int64)
    places[rows, columns + 1] = np.arange(len(rows))
    owner = np.arange(len(rows))
    pairs = []
    for down, right in ((0, 1), (1, -1), (1, 0), (1, 1)):
        other = places[rows + down, columns + 1 + right]
        joined = np.flatnonzero(other >= 0)
        pairs.append((joined, other[joined]))
    one, two = (np.concatenate(side) for side in zip(*pairs, strict=True))
    while True:
        first, second = owner[one], owner[two]
        apart = first != second
        if not apart.any():
            break
        one, two, first, second = one[apart], two[apart], first[apart], second[apart]
        np.minimum.at(owner, np.maximum(first, second), np.minimum(first, second))
        while True:
            nearer = owner[owner]
            if np.array_equal(nearer, owner):
                break
            owner = nearer
    _, numbers = np.unique(owner, return_inverse=True)
    return numbers.astype(np.int64), int(numbers.max(initial=-1)) + 1
