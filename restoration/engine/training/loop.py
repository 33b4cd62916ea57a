"""One loop for all networks: batches that follow from the seed and the step alone, a running mean of the weights, and
checkpoints from which it goes on as if nothing had happened."""

import logging
import time
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from math import cos, pi
from pathlib import Path
from typing import Any

import numpy as np
import torch
from torch import Tensor, nn

from restoration.engine.training.lessons import Pair
from restoration.engine.training.material import photographs

log = logging.getLogger(__name__)
_WARMING = 200
_KEPT = 0.999  # Of the running mean of the weights, each step.
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
    made and what is wanted."""

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

    def material(self, folder: Path) -> Any:
        """What it learns from, of the folder of all material. Raises MissingMaterial."""
        return self.gathered(folder) if self.gathered else photographs(folder / "photos", in_colour=self.in_colour)


@dataclass
class State:
    """step: how many are done; model is what learns, mean is what will be used."""

    step: int
    model: nn.Module
    mean: nn.Module
    optimizer: torch.optim.Optimizer
    seconds: float = 0.0


def begin(recipe: Recipe) -> State:
    torch.manual_seed(recipe.seed)
    model, mean = recipe.build().train(), recipe.build().eval()
    mean.load_state_dict(model.state_dict())
    return State(0, model, mean.requires_grad_(False), torch.optim.Adam(model.parameters(), betas=(0.9, 0.99)))


def train(recipe: Recipe, material: Any, checkpoint: Path, *, until: int | None = None, every: int = 500,
          minutes: float | None = None) -> State:
    """Train to the end of the recipe, or to step `until`, or so many minutes; a checkpoint every so many steps. What
    the recipe goes on from is trained first, in the same folder."""
    if checkpoint.exists():
        state = restored(recipe, checkpoint)
    else:
        state = begin(recipe)
        if recipe.after is not None:
            first, steps = recipe.after
            _go_on_from(train(first, material, checkpoint.with_name(f"{first.name}.pt"), until=steps), state)
    lessons = material if recipe.prepared is None else recipe.prepared(material, checkpoint.parent)
    last = recipe.steps if until is None else min(until, recipe.steps)
    began = time.monotonic()
    while state.step < last and (minutes is None or time.monotonic() - began < 60 * minutes):
        before, loss = time.monotonic(), 0.0
        rest = min(every, last - state.step)
        for shown, wanted in _batches(recipe, lessons, state.step, rest):
            loss += _step(recipe, state, shown, wanted) / rest
        state.seconds += time.monotonic() - before
        keep(state, checkpoint)
        log.info("%s: step %d of %d, loss %.5f, held out %.3f, %.0f s", recipe.name, state.step, recipe.steps, loss,
                 recipe.score(state.mean, lessons), state.seconds)
    return state


def keep(state: State, checkpoint: Path) -> None:
    """All or nothing: written beside and moved over."""
    beside = checkpoint.with_suffix(".part")
    torch.save({"step": state.step, "seconds": state.seconds, "model": state.model.state_dict(),
                "mean": state.mean.state_dict(), "optimizer": state.optimizer.state_dict()}, beside)
    beside.replace(checkpoint)


def restored(recipe: Recipe, checkpoint: Path) -> State:
    """Where a training was left: the state of its last checkpoint."""
    state, read = begin(recipe), torch.load(checkpoint, weights_only=True)
    state.model.load_state_dict(read["model"])
    state.mean.load_state_dict(read["mean"])
    state.optimizer.load_state_dict(read["optimizer"])
    state.step, state.seconds = read["step"], read["seconds"]
    return state


def batch_of(recipe: Recipe, lessons: Any, step: int) -> Pair:
    """The same for the same recipe, lessons and step, whatever was trained before."""
    dice = np.random.default_rng((recipe.seed, step))
    pairs = [recipe.lesson(lessons, dice) for _ in range(recipe.batch)]
    return torch.stack([shown for shown, _ in pairs]), torch.stack([wanted for _, wanted in pairs])


def _batches(recipe: Recipe, lessons: Any, step: int, count: int) -> Iterator[Pair]:
    """Each is made while the one before it is learnt from."""
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(batch_of, recipe, lessons, step)
        for number in range(step + 1, step + count + 1):
            made = coming.result()
            if number < step + count:
                coming = beside.submit(batch_of, recipe, lessons, number)
            yield made


def _go_on_from(earlier: State, state: State) -> None:
    """A deeper network begins as the shallower one: what its further blocks add is nothing at first (after Chen et al.
    2016, Net2Net; the zeros of Goyal et al. 2017)."""
    known = earlier.mean.state_dict()
    begun = {name: torch.zeros_like(value) if ".second." in name else value
             for name, value in state.model.state_dict().items()}
    for each in (state.model, state.mean):
        each.load_state_dict({**begun, **known})


def rate_at(recipe: Recipe, step: int) -> float:
    """Warmed up, then down along a cosine to a hundredth."""
    if step < _WARMING:
        return recipe.rate * (step + 1) / _WARMING
    along = (step - _WARMING) / max(1, recipe.steps - _WARMING)
    return recipe.rate * (0.01 + 0.99 * (1 + cos(pi * along)) / 2)


def _step(recipe: Recipe, state: State, shown: Tensor, wanted: Tensor) -> float:
    for group in state.optimizer.param_groups:
        group["lr"] = rate_at(recipe, state.step)
    with torch.autocast(shown.device.type, dtype=torch.bfloat16, enabled=recipe.in_bfloat16):
        made = state.model(shown)
    loss = recipe.loss(made, wanted)
    state.optimizer.zero_grad(set_to_none=True)
    loss.backward()
    nn.utils.clip_grad_norm_(state.model.parameters(), 1.0)
    state.optimizer.step()
    kept = min(_KEPT, state.step / (state.step + 10))
    with torch.no_grad():
        for mean, now in zip(state.mean.parameters(), state.model.parameters(), strict=True):
            mean.lerp_(now, 1 - kept)
    state.step += 1
    return float(loss.detach())
