"""A repair with a fault in it."""

from collections.abc import Iterator
from dataclasses import replace

import pytest

from restoration.engine import reaching
from restoration.engine.frames import Frame
from restoration.engine.repair import REPAIRS
from restoration.engine.settings import NoiseSettings
from restoration.engine.stage import ShotContext, Stage


def break_noise(monkeypatch: pytest.MonkeyPatch, *, at: int) -> None:
    """From now on noise is not reduced, and its repair divides by nothing at that frame."""
    def mend(settings: NoiseSettings, context: ShotContext) -> Stage:
        def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
            for frame in frames:
                yield frame.with_planes(frame.planes * (1 // (frame.number != at)))

        return stage

    monkeypatch.setattr(reaching, "REPAIRS", tuple(
        replace(repair, mend=mend) if repair.name == "noise" else repair for repair in REPAIRS))
