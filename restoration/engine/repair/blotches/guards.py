"""What stands out and is no dirt all the same: light, sparkle, confetti, rain, whatever goes its way from moment to
moment or glitters again and again at one place."""

from dataclasses import dataclass
from math import comb, pi

import numpy as np
import numpy.typing as npt
import torch
from torch import Tensor

from restoration.engine.compute.local import box_mean, local_max
from restoration.engine.compute.regions import Values
from restoration.engine.repair.blotches.suspects import Suspects

Chosen = npt.NDArray[np.bool_]

LARGEST = 0.01  # Of the picture: nobody's dirt.
_LONGEST_BRIGHT, _LONGEST = 0.25, 0.5  # Of the picture's height.
_FURTHEST = 0.12  # Of the picture's width, that something moves from moment to moment.
_UNUSUAL = 0.003
_NEAR = (0.04, 0.1)  # Of the picture's height: what glitters that close to others belongs to them.
_AROUND = 0.7  # Of the picture's height: so far what is strewn is taken to be strewn evenly.
_CROWDED = 0.6  # Share of a kind that has company of it in the neighbours, from where on all of it is refused.
COUNTED = -1.5  # Odds of dirt from which on a region of a neighbour is looked at; below, bad motion is more likely.
_CHANCE = 0.1  # That one frame has any region refused for glittering where nothing does.
_MORE_THAN_CHANCE = 1.8  # Times as many go a way as would by chance; fewer are not believed.
_TOGETHER = 0.3  # Share of those that stand out that go a way; from there on the others are their kind.
_COMPANY = 0.5  # Share of what looks like dirt that is picture, from where on all of it is.
_GLOW = 0.12


@dataclass(frozen=True, slots=True)
class Specks:
    """Places (row, column), areas and signed strengths of what stands out of a moment."""

    middles: Values
    areas: Values
    strengths: Values

    def __len__(self) -> int:
        return len(self.areas)


def specks(found: Suspects, chosen: Chosen) -> Specks:
    return Specks(found.regions.middles()[chosen], found.regions.sums()[chosen], found.strengths[chosen])


def is_picture(found: Suspects, likely: Chosen, now: Tensor, before: Specks | None, after: Specks | None, *,
               strict: bool = False) -> Chosen:
    """Of each region whether it is picture. likely: which regions look like dirt by themselves; now: luma [H, W];
    before, after: what stands out of the neighbours; strict: when in doubt it is picture."""
    own, shape = specks(found, np.ones(found.regions.count, bool)), found.regions.shape
    refused = _too_large(found, own) | _glows(found, now)
    if before is not None and after is not None:
        goes = _goes_its_way(own, before, after, shape[1])
        by_chance = _goes_its_way(own, before, after, shape[1], backwards=True)
        for sign in (-1, 1):
            kind = np.sign(own.strengths) == sign
            if goes[kind].sum() <= _MORE_THAN_CHANCE * by_chance[kind].sum():
                continue
            refused |= goes & kind
            if (likely & kind).sum() >= 4 and goes[likely & kind].mean() > _TOGETHER:
                refused |= kind
    others = [each for each in (before, after) if each is not None]
    refused |= _glitters(own, others, shape, 0.8 * _CROWDED if strict else _CROWDED)
    if likely.sum() >= 3 and refused[likely].mean() > _COMPANY:
        refused[:] = True
    return refused


def _too_large(found: Suspects, own: Specks) -> Chosen:
    height, width = found.regions.shape
    longest = found.regions.spans().max(1, initial=0)
    most = np.where(own.strengths > 0, _LONGEST_BRIGHT, _LONGEST) * height
    return (own.areas > LARGEST * height * width) | (longest > most)


def _glows(found: Suspects, now: Tensor) -> Chosen:
    """Bright, and the picture around it brighter too, the nearer the more: a lamp or a flash, not a thing that lies on
    the film."""
    core = found.regions.mask(np.ones(found.regions.count, bool)).float()
    lit = now - found.views.amax(0)
    near, far = local_max(core, 3), local_max(core, 6)
    ring = (far - near).clamp(min=0)
    around = box_mean(lit * ring, 7) / box_mean(ring, 7).clamp_(min=0.02)
    glow = found.regions.means(around) / (found.regions.means(lit) + 1e-4)
    return (found.strengths > 0) & (found.regions.means(around) > 0.015) & (glow > _GLOW)


def _goes_its_way(own: Specks, before: Specks, after: Specks, width: int, *, backwards: bool = False) -> Chosen:
    """Whether something alike lies before and after at places that one straight way joins, and this between them.
    backwards: whether it turned round here instead, which nothing does: so many are found by chance alone."""
    goes = np.zeros(len(own), bool)
    for index in range(len(own)):
        came, left = _alike(own, index, before, width), _alike(own, index, after, width)
        if not (len(came) and len(left)):
            continue
        steps, others = own.middles[index] - came, (left - own.middles[index]) * (-1 if backwards else 1)
        apart = np.hypot(*np.moveaxis(steps[:, None] - others[None], -1, 0))
        allowed = 1.5 + 0.08 * np.hypot(*steps.T)[:, None]
        goes[index] = bool((apart < allowed).any())
    return goes


def _alike(own: Specks, index: int, others: Specks, width: int) -> Values:
    """Places of those of the others within reach, of the same sign and about as large and strong."""
    size, strength = others.areas / own.areas[index], others.strengths / own.strengths[index]
    away = np.hypot(*(others.middles - own.middles[index]).T)
    return others.middles[(away < _FURTHEST * width) & (away > 0.7) & (size > 0.35) & (size < 2.9)
                          & (strength > 0.5) & (strength < 2)]


def _glitters(own: Specks, others: list[Specks], shape: tuple[int, int], crowded: float) -> Chosen:
    """Whether others of its sign lie so close in the neighbours that chance, were they strewn evenly, does not explain
    it: for each by itself, and for all of a sign where a share of `crowded` have company, as confetti and sequins show
    it at one of two distances."""
    refused = np.zeros(len(own), bool)
    for sign in (-1, 1):
        kind = np.sign(own.strengths) == sign
        held = np.concatenate([np.zeros((0, 2)), *(_apart(each.middles[np.sign(each.strengths) == sign], shape)
                                                   for each in others)])
        if not kind.any() or not len(held):
            continue
        places = _apart(own.middles[kind], shape)
        for reach in (max(4.0, near * shape[0]) for near in _NEAR):
            accompanied = (_between(places, held) < reach).any(1)
            usual = float(1 - np.exp(-_strewn(places, held, reach, shape)).mean())
            if accompanied.mean() > crowded and _tail(int(accompanied.sum()), len(places), usual) < _UNUSUAL:
                refused |= kind
            counts = (_between(own.middles[kind], held) < reach).sum(1)
            even = len(held) * pi * reach ** 2 / (shape[0] * shape[1])
            refused[kind] |= [count >= 4 and _at_least(int(count), even) < _CHANCE / len(own) for count in counts]
    return refused


def _strewn(places: Values, held: Values, reach: float, shape: tuple[int, int]) -> Values:
    """How many of those held lie within reach of each place, were they strewn evenly over the picture around it: not
    everywhere does as much stand out."""
    wide = _AROUND * shape[0]
    inside = [np.minimum(at + wide, side) - np.maximum(at - wide, 0) for at, side in zip(places.T, shape, strict=True)]
    near = (np.abs(places[:, None] - held[None]).max(-1) < wide).sum(1)
    return np.asarray(near * pi * reach ** 2 / (inside[0] * inside[1]))


def _between(ones: Values, others: Values) -> Values:
    """Distances [len(ones), len(others)]."""
    return np.hypot(*np.moveaxis(ones[:, None] - others[None], -1, 0))


def _apart(middles: Values, shape: tuple[int, int]) -> Values:
    """The places without those that lie close to an earlier one: pieces of the same thing count once."""
    near = np.tril(_between(middles, middles) < max(5.0, 0.03 * shape[0]), -1)
    return middles[~near.any(1)]


def _at_least(count: int, expected: float) -> float:
    """Poisson's probability of `count` or more."""
    term, total = float(np.exp(-expected)), 0.0
    for number in range(count):
        total += term
        term *= expected / (number + 1)
    return max(0.0, 1 - total)


def _tail(count: int, tests: int, chance: float) -> float:
    """The binomial's probability of `count` or more."""
    return sum(comb(tests, hits) * chance ** hits * (1 - chance) ** (tests - hits) for hits in range(count, tests + 1))


def covered(found: Suspects, chosen: Chosen) -> Tensor:
    return found.regions.mask(chosen) if found.regions.count else torch.zeros_like(found.excess, dtype=torch.bool)
