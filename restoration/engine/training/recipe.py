"""What a training is made of."""

from collections.abc import Callable
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from restoration.engine.training.lessons import Pair
from restoration.engine.training.material import photographs

_SOFTNESS = 1e-3  # Below this an error counts by its square (Charbonnier), 0..1 scale.


def charbonnier(made: Tensor, wanted: Tensor) -> Tensor:
    """Mean of sqrt(error^2 + softness^2): like the absolute error, but smooth at nothing."""
    return ((made - wanted).square() + _SOFTNESS ** 2).sqrt().mean()


def squared(made: Tensor, wanted: Tensor) -> Tensor:
    return (made - wanted).square().mean()


@dataclass(frozen=True)
class Recipe:
    """How one network is trained. build: the network as it begins; lesson: one pair of tensors without a batch; score:
    the number to choose by on pictures held out, more is better. after: the recipe whose network this one goes on from,
    and how many of its steps are done before. in_colour: whether it learns from all three planes. in_bfloat16: whether
    what is convolved is rounded to bfloat16, which takes half the time on processors that know it; the weights are not.
    gathered: what it learns from out of the folder of all material, where photographs are not enough. loss: of what is
    made and what is wanted. exported: what the weights are rounded to in their file. instead: a share of the batches,
    and the lesson that those are made of: where lessons of two shapes cannot lie in one batch."""

    name: str
    build: Callable[[], nn.Module]
    lesson: Callable[[Any, np.random.Generator], Pair]
    score: Callable[[nn.Module, Any], float]
    steps: int
    batch: int = 16
    rate: float = 1e-3
    seed: int = 1
    after: "tuple[Recipe, int] | None" = None
    in_colour: bool = False
    in_bfloat16: bool = False
    gathered: Callable[[Path], Any] | None = None
    prepared: Callable[[Any, Path], Any] | None = None
    loss: Callable[[Tensor, Tensor], Tensor] = charbonnier
    exported: torch.dtype = torch.float32
    instead: "tuple[float, Callable[[Any, np.random.Generator], Pair]] | None" = None

    def material(self, folder: Path) -> Any:
        """What it learns from, of the folder of all material. Raises MissingMaterial."""
        return self.gathered(folder) if self.gathered else photographs(folder / "photos", in_colour=self.in_colour)
