"""Batches that follow from the seed and the step alone, made while the ones before them are learnt from: by a thread,
or by several processes where a GPU learns faster than one core can spoil pictures."""

from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

import numpy as np
import torch
from torch.utils.data import DataLoader, Dataset

from restoration.engine.training.lessons import Pair
from restoration.engine.training.recipe import Recipe


def batch_of(recipe: Recipe, lessons: Any, step: int) -> Pair:
    """The same for the same recipe, lessons and step, whatever was trained before and whoever makes it."""
    dice, lesson = np.random.default_rng((recipe.seed, step)), recipe.lesson
    if recipe.instead is not None and dice.random() < recipe.instead[0]:
        lesson = recipe.instead[1]
    pairs = [lesson(lessons, dice) for _ in range(recipe.batch)]
    return torch.stack([shown for shown, _ in pairs]), torch.stack([wanted for _, wanted in pairs])


def batches(recipe: Recipe, lessons: Any, steps: range, makers: int) -> Iterator[Pair]:
    """One for each step, in their order. makers: how many processes make them; 0 for a thread of this one."""
    return _by_processes(recipe, lessons, steps, makers) if makers else _by_a_thread(recipe, lessons, steps)


def _by_a_thread(recipe: Recipe, lessons: Any, steps: range) -> Iterator[Pair]:
    if not steps:
        return
    with ThreadPoolExecutor(1) as beside:
        coming = beside.submit(batch_of, recipe, lessons, steps.start)
        for following in range(steps.start + 1, steps.stop + 1):
            made = coming.result()
            if following < steps.stop:
                coming = beside.submit(batch_of, recipe, lessons, following)
            yield made


def _by_processes(recipe: Recipe, lessons: Any, steps: range, makers: int) -> Iterator[Pair]:
    yield from DataLoader(_Batches(recipe, lessons, steps), batch_size=None, num_workers=makers, prefetch_factor=4,
                          multiprocessing_context="fork", pin_memory=torch.cuda.is_available())


class _Batches(Dataset[Pair]):
    def __init__(self, recipe: Recipe, lessons: Any, steps: range) -> None:
        self._recipe, self._lessons, self._steps = recipe, lessons, steps

    def __len__(self) -> int:
        return len(self._steps)

    def __getitem__(self, index: int) -> Pair:
        return batch_of(self._recipe, self._lessons, self._steps[index])
