"""The same work on one thread and on two; after a test `conftest` sets one again."""

from collections.abc import Callable
from typing import TypeVar

import torch

Made = TypeVar("Made")


def on_one_thread_and_two(make: Callable[[], Made]) -> list[Made]:
    made = []
    for threads in (1, 2):
        torch.set_num_threads(threads)
        made.append(make())
    return made
