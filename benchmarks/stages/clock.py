"""Seconds by the name of what took them, waited for where a GPU works on by itself."""

import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from typing import TypeVar

import torch
from torch.autograd.profiler_util import FunctionEvent
from torch.profiler import profile, record_function

from restoration.engine.compute.device import device
from restoration.engine.frames import Frame

_PART = "part:"
Item = TypeVar("Item")


class Clock:
    """Adds up seconds by name; what is nested within another is taken off that one. now: what tells the time."""

    def __init__(self, now: Callable[[], float] = time.perf_counter) -> None:
        self._now = now
        self.seconds: dict[str, float] = {}
        self._inner = 0.0

    def timed(self, name: str, do: Callable[[], Item]) -> Item:
        wait()
        outer, self._inner = self._inner, 0.0
        began = self._now()
        with record_function(_PART + name):
            made = do()
            wait()
        whole = self._now() - began
        self.seconds[name] = self.seconds.get(name, 0.0) + whole - self._inner
        self._inner = outer + whole
        return made

    def watch(self, name: str, frames: Iterable[Frame]) -> Iterator[Frame]:
        coming = iter(frames)
        while (frame := self.timed(name, lambda: next(coming, None))) is not None:
            yield frame


def busy(profiler: profile) -> dict[str, float]:
    """Seconds in which the card worked for each part, without those nested within it."""
    whole: dict[str, float] = {}
    for event in profiler.events() or ():
        if event.name.startswith(_PART) and event.device_type.name == "CPU":
            name = event.name.removeprefix(_PART)
            inner = sum(one.device_time_total for one in _nested(event.cpu_children))
            whole[name] = whole.get(name, 0.0) + (event.device_time_total - inner) / 1e6
    return whole


def _nested(events: Sequence[FunctionEvent]) -> Iterator[FunctionEvent]:
    """The nearest parts within."""
    for event in events:
        if event.name.startswith(_PART):
            yield event
        else:
            yield from _nested(event.cpu_children)


def wait() -> None:
    if device().type == "cuda":
        torch.cuda.synchronize()
