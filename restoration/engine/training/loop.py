"""One loop for all networks: batches that follow from the seed and the step alone, a running mean of the weights, and
checkpoints from which it goes on as if nothing had happened."""

import logging
import time
from dataclasses import dataclass
from math import cos, pi
from pathlib import Path
from typing import Any

import torch
from torch import Tensor, nn

from restoration.engine.compute.device import device
from restoration.engine.networks.weights import laid
from restoration.engine.training.batches import batches
from restoration.engine.training.recipe import Recipe

log = logging.getLogger(__name__)
_WARMING = 200
_KEPT = 0.999  # Of the running mean of the weights, each step.


@dataclass
class State:
    """step: how many are done; model is what learns, mean is what will be used."""

    step: int
    model: nn.Module
    mean: nn.Module
    optimizer: torch.optim.Optimizer
    seconds: float = 0.0


def begin(recipe: Recipe) -> State:
    """Where the arithmetic is, with the weights that the seed gives there and everywhere."""
    torch.manual_seed(recipe.seed)
    model, mean = recipe.build(), recipe.build()
    mean.load_state_dict(model.state_dict())
    if device().type == "cuda":
        model, mean = (laid(each, device()) for each in (model, mean))
    return State(0, model.train(), mean.eval().requires_grad_(False),
                 torch.optim.Adam(model.parameters(), betas=(0.9, 0.99)))


def train(recipe: Recipe, material: Any, checkpoint: Path, *, until: int | None = None, every: int = 500,
          minutes: float | None = None, makers: int = 0) -> State:
    """Train to the end of the recipe, or to step `until`, or so many minutes; a checkpoint every so many steps. What
    the recipe goes on from is trained first, in the same folder and within the same time, and its state is what comes
    back where that ends before. makers: as of `batches`."""
    began = time.monotonic()
    if checkpoint.exists():
        state = restored(recipe, checkpoint)
    else:
        state = begin(recipe)
        if recipe.after is not None:
            first, steps = recipe.after
            earlier = train(first, material, checkpoint.with_name(f"{first.name}.pt"), until=steps, every=every,
                            minutes=minutes, makers=makers)
            if earlier.step < steps:
                return earlier
            _go_on_from(earlier, state)
    lessons = material if recipe.prepared is None else recipe.prepared(material, checkpoint.parent)
    last = recipe.steps if until is None else min(until, recipe.steps)
    before = time.monotonic()
    losses: list[Tensor] = []
    for shown, wanted in batches(recipe, lessons, range(state.step, last), makers):
        losses.append(_step(recipe, state, shown, wanted))
        if state.step % every and state.step < last:
            continue
        loss = float(torch.stack(losses).mean())
        state.seconds += time.monotonic() - before
        keep(state, checkpoint)
        log.info("%s: step %d of %d, loss %.5f, held out %.3f, %.0f s", recipe.name, state.step, recipe.steps, loss,
                 scored(recipe, state, lessons), state.seconds)
        before, losses = time.monotonic(), []
        if minutes is not None and before - began >= 60 * minutes:
            break
    return state


def scored(recipe: Recipe, state: State, lessons: Any) -> float:
    """What the recipe says of the running mean."""
    return recipe.score(_Reached(state.mean), lessons)


class _Reached(nn.Module):
    """A network asked from the CPU, wherever it is."""

    def __init__(self, network: nn.Module) -> None:
        super().__init__()
        self._network = network

    def forward(self, shown: Tensor) -> Tensor:
        made: Tensor = self._network(shown.to(device()))
        return made.cpu()


def keep(state: State, checkpoint: Path) -> None:
    """All or nothing: written beside and moved over."""
    beside = checkpoint.with_suffix(".part")
    torch.save({"step": state.step, "seconds": state.seconds, "model": state.model.state_dict(),
                "mean": state.mean.state_dict(), "optimizer": state.optimizer.state_dict()}, beside)
    beside.replace(checkpoint)


def restored(recipe: Recipe, checkpoint: Path) -> State:
    """Where a training was left: the state of its last checkpoint."""
    state, read = begin(recipe), torch.load(checkpoint, weights_only=True, map_location=device())
    state.model.load_state_dict(read["model"])
    state.mean.load_state_dict(read["mean"])
    state.optimizer.load_state_dict(read["optimizer"])
    state.step, state.seconds = read["step"], read["seconds"]
    return state


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


def _step(recipe: Recipe, state: State, shown: Tensor, wanted: Tensor) -> Tensor:
    """The loss, without waiting for it."""
    on = device()
    shown, wanted = (each.to(on, non_blocking=True) for each in (shown, wanted))
    for group in state.optimizer.param_groups:
        group["lr"] = rate_at(recipe, state.step)
    with torch.autocast(on.type, dtype=torch.bfloat16, enabled=recipe.in_bfloat16):
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
    return loss.detach()
