"""A few steps from the shipped cleaner towards a recording's own noise, and who decides how many of them are kept.

What is learnt from some stretches may spoil another. So weights on the way from the shipped ones to those that were
learnt are tried (Wortsman et al. 2022), and no stretch that was held out may lose. Not beyond half the way: what was
fetched as a target is a little softer than the moment itself, so that the loss forgives a network that softens fine
patterns.
"""

import copy
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from itertools import count

import numpy as np
import torch
from torch import Tensor, nn

from restoration.engine.adapting.material import Lesson
from restoration.engine.compute.device import one_thread
from restoration.engine.networks.cleaner import put_together
from restoration.engine.networks.registry import cleaner
from restoration.engine.networks.strips import over
from restoration.engine.repair.noise.finishing import ADAPTED, LEFT, Pair, taken, told_of

STEPS, BATCH, PATCH = 160, 6, 64
RATE = 1e-4
_WARMING = 10
_SURE = 2.0  # Standard errors by which what was learnt must be better.
_LEAST = 0.02  # Share of the error that must go, for less may be the targets' own.
SHARES = (0.25, 0.5)  # Of the way to what was learnt.

Tell = Callable[[int], None]


@dataclass(frozen=True, slots=True)
class Judgement:
    """Mean squared error against targets nothing was learnt from, theirs and the picture's noise together. without: as
    the averaging leaves them; shipped, adapted: as the repair finishes them with either network; error: the standard
    error of the gain; least: the gain of the stretch that gains least, by its own better one of those two; share: of
    the way to what was learnt."""

    without: float
    shipped: float
    adapted: float
    error: float
    windows: int
    least: float
    share: float = 1.0

    @property
    def gain(self) -> float:
        return min(self.without, self.shipped) - self.adapted

    @property
    def is_better(self) -> bool:
        """By more than chance or its targets' own errors explain, and of no stretch worse."""
        return self.gain > max(_SURE * self.error, _LEAST * (self.adapted + self.gain)) and self.least > 0


@one_thread()
def learn(network: nn.Module, lessons: Sequence[Lesson], *, steps: int = STEPS, seed: int = 1,
          tell: Tell = lambda step: None) -> None:
    """Change the network by `steps` small steps; the same lessons and seed give the same weights on processors of one
    kind, for one thread adds up all that moves a weight: several would add in an order that hangs on their number.
    tell: heard after each step; what it raises ends the learning."""
    dice = np.random.default_rng(seed)
    network.train().requires_grad_(True)
    optimizer = torch.optim.Adam(network.parameters(), betas=(0.9, 0.99))
    for step in range(steps):
        for group in optimizer.param_groups:
            group["lr"] = RATE * min(1.0, (step + 1) / _WARMING) * (1 - step / steps)
        shown, target, weight = _batch(lessons, dice)
        loss = _missed(network(shown), target, weight).mean()
        optimizer.zero_grad(set_to_none=True)
        (1000 * loss).backward()
        nn.utils.clip_grad_norm_(network.parameters(), 1.0)
        optimizer.step()
        tell(step + 1)
    network.eval().requires_grad_(False)


def best_of(shipped: nn.Module, learnt: nn.Module, held_out: Sequence[Sequence[Lesson]], *, strength: Pair = (1.0, 1.0),
            tell: Tell = lambda window: None) -> tuple[nn.Module, Judgement]:
    """The weights on the way from the shipped ones to what was learnt that gain most of those by which no stretch
    loses; where there are none, those that were tried last. held_out: lessons, by stretch; strength: of the repair, in
    luma and colour. tell: heard after each window, len(SHARES) times for each; what it raises ends the judging."""
    windows = count(1)
    tried = [(network, judge(shipped, network, held_out, strength=strength, share=share,
                             tell=lambda: tell(next(windows))))
             for share, network in ((share, between(shipped, learnt, share)) for share in SHARES)]
    better = [each for each in tried if each[1].is_better]
    return max(better, key=lambda each: each[1].gain) if better else tried[-1]


@torch.no_grad()
def between(shipped: nn.Module, learnt: nn.Module, share: float) -> nn.Module:
    """A network whose weights lie so far on the way, 0..1."""
    made = copy.deepcopy(shipped)
    for one, other in zip(made.parameters(), learnt.parameters(), strict=True):
        one.lerp_(other, share)
    return made


@torch.no_grad()
def judge(shipped: nn.Module, adapted: nn.Module, held_out: Sequence[Sequence[Lesson]], *,
          strength: Pair = (1.0, 1.0), share: float = 1.0, tell: Callable[[], None] = lambda: None) -> Judgement:
    """Each held-out window, by stretch, as the repair of that strength finishes it with both networks. tell: called
    after each window."""
    losses = []
    for stretch in filter(None, held_out):
        rows = []
        for lesson in stretch:
            rows.append(_errors(lesson, shipped, adapted, strength))
            tell()
        losses.append(torch.stack(rows).double())
    every = torch.cat(losses)
    without, before, after = every.mean(0).tolist()
    gains = every[:, 0 if without <= before else 1] - every[:, 2]
    spread = float(gains.std()) if len(gains) > 1 else float("inf")
    least = min(float(each.mean(0)[:2].min() - each.mean(0)[2]) for each in losses)
    return Judgement(without, before, after, spread / len(gains) ** 0.5, len(gains), least, share)


def _batch(lessons: Sequence[Lesson], dice: np.random.Generator) -> tuple[Tensor, Tensor, Tensor]:
    rows = []
    for _ in range(BATCH):
        lesson = lessons[int(dice.integers(len(lessons)))]
        spare = max(0, lesson.own.shape[-1] - PATCH) // 2
        top, left = (2 * int(dice.integers(spare + 1)) for _ in range(2))
        part = (..., slice(top, top + PATCH), slice(left, left + PATCH))
        row = [each[part] for each in (_shown(lesson, ADAPTED), lesson.target, lesson.weight)]
        rows.append([each.flip(-1) for each in row] if dice.random() < 0.5 else row)
    shown, target, weight = (torch.stack(each) for each in zip(*rows, strict=True))
    return shown, target, weight


def _shown(lesson: Lesson, left: float) -> Tensor:
    return put_together(lesson.own, (), told_of(lesson.sigma, left))


def _errors(lesson: Lesson, shipped: nn.Module, adapted: nn.Module, strength: Pair) -> Tensor:
    """[3]: as the averaging leaves the window, finished with the shipped network, finished with the adapted one."""
    made = torch.stack((lesson.own, _finished_by(shipped, lesson, LEFT, strength),
                        _finished_by(adapted, lesson, ADAPTED, strength)))
    return _missed(made, lesson.target, lesson.weight[None])


def _finished_by(network: nn.Module, lesson: Lesson, left: float, strength: Pair) -> Tensor:
    """What the repair makes of a window with that network."""
    own = cleaner()
    made = over(network, _shown(lesson, left), reach=own.margin, multiple=own.multiple)
    return taken(lesson.own, made, lesson.sigma, strength)


def _missed(made: Tensor, target: Tensor, weight: Tensor) -> Tensor:
    """[N]: the mean squared error of each, by the number of moments that a pixel's target comes from."""
    squares = (made - target).square().mean(1) * weight
    return squares.sum((1, 2)) / weight.sum((1, 2)).clamp(min=1)
