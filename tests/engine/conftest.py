"""Small pictures: one thread is faster than two that wait for each other, and gives the same bits."""

import os
from collections.abc import Iterator

import pytest

# Before torch is loaded: where two threads are wanted, here or in a process of its own, they wait without spinning.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import torch


@pytest.fixture(autouse=True)
def _one_thread() -> Iterator[None]:
    before = torch.get_num_threads()
    torch.set_num_threads(1)
    yield
    torch.set_num_threads(before)
