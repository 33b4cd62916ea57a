"""A look shows what the master would hold."""

import io
from pathlib import Path

import numpy as np
import pytest
from PIL import Image

from restoration.engine import pipeline
from restoration.engine.encoding.stills import still_of_master
from restoration.engine.errors import Cancelled, SettingsError
from restoration.engine.looking import look_at
from restoration.engine.settings import FlickerSettings, Override, Settings
from tests.engine.test_deriving import CUTS, FIRST, _made, _report
from tests.engine.test_deriving import tape as tape  # a fixture

LIFTED = FIRST.model_copy(update={
    "flicker": FlickerSettings(enabled=True),
    "overrides": (Override(start=3, end=7, changes={"noise": {"luma": 0.9}, "grain": {"amount": 0.8}}),)})


def _pixels(png: bytes) -> np.ndarray:
    return np.asarray(Image.open(io.BytesIO(png)))


# Of the shot's frames 6..13 the tenth tells the texture; it shares its source frame with the eleventh.
@pytest.mark.parametrize("frames", [(6, 9, 13), (6, 10), (13, 11, 10)])
@pytest.mark.parametrize("at_once", [1, 2])
def test_a_look_is_the_still_of_the_master_that_would_be_made(frames: tuple[int, ...], at_once: int, tape: Path,
                                                              tmp_path: Path) -> None:
    master = _made(tape, tmp_path / "whole", LIFTED)
    shot = pipeline.plan(_report(tape), LIFTED)[1]
    seen = dict(look_at(tape, _report(tape), shot, LIFTED, frames, at_once=at_once))
    assert sorted(seen) == sorted(frames)
    for frame, png in seen.items():
        expected = _pixels(still_of_master(master, frame))
        assert np.array_equal(_pixels(png), expected), frame


def test_a_look_ends_when_it_is_cancelled_and_refuses_frames_of_other_shots(tape: Path) -> None:
    report = _report(tape)
    for frames in ([6], [6, 10]):
        with pytest.raises(Cancelled):
            list(look_at(tape, report, report.shots[1], FIRST, frames, at_once=2, is_cancelled=lambda: True))
    with pytest.raises(SettingsError, match="Frame 5 does not lie in this shot"):
        list(look_at(tape, report, report.shots[1], FIRST, [5]))
    assert CUTS[1] == (3, 7)


def test_a_look_refuses_what_a_version_would_be_refused(tape: Path) -> None:
    report = _report(tape)
    of_fields = report.model_copy(update={"source": report.source.model_copy(update={"scan": "interlaced"})})
    trial = Settings(overrides=(Override(start=3, end=7, changes={"faces": {"enabled": True}}),))
    with pytest.raises(SettingsError, match="joined from whole frames"):
        list(look_at(tape, of_fields, of_fields.shots[1], trial, [4]))
