"""Repeated, frozen and black frames are counted; rhythms, title cards, strobes and lamps that go out are picture."""

from fractions import Fraction

import pytest
import torch
from torch import Tensor

from restoration.engine.analysis.cadence import FieldMeter
from restoration.engine.analysis.stillness import Stillness
from restoration.engine.compute import sketches
from tests import clips, concert

RATE = Fraction(25)
SIZE = (180, 120)


def watched(clip: Tensor) -> Stillness:
    """Fed as the analysis feeds it."""
    meter, found = FieldMeter(), Stillness()
    for planes in clip:
        measured, sketch = meter.observe(planes[0]), sketches.of_planes(planes)
        found.add(max(measured.top, measured.bottom) if measured else None, sketch.level, sketch.contrast)
    return found


def repeated(clip: Tensor, numbers: tuple[int, ...]) -> Tensor:
    """Each of these frames shows the one before it again."""
    changed = clip.clone()
    for number in numbers:
        changed[number] = changed[number - 1]
    return changed


def test_single_repeated_frames_are_named() -> None:
    found = watched(repeated(clips.noisy(clips.scene(40, SIZE), 2 / 255), (9, 22))).findings(RATE)
    assert set(found) == {"repeated frames"}
    assert found["repeated frames"].value == pytest.approx(2 / 40)
    assert found["repeated frames"].worst == (9, 22)


@pytest.mark.parametrize("times", [2, 3])
def test_film_shown_several_times_keeps_a_rhythm_and_has_no_repeated_frames(times: int) -> None:
    found = watched(clips.scene(14, SIZE).repeat_interleave(times, 0))
    assert found.findings(RATE) == {}
    assert found.seen() == (times, "moving")


def test_a_frozen_stretch_is_measured_in_seconds() -> None:
    clip = clips.scene(48, SIZE)
    found = watched(torch.cat([clip[:20], clip[19:20].expand(15, -1, -1, -1), clip[20:]])).findings(RATE)
    assert set(found) == {"frozen"}
    assert found["frozen"].value == pytest.approx(15 / 25)
    assert found["frozen"].worst == (20, 27, 34)


def test_a_title_card_is_a_still_picture_and_not_frozen() -> None:
    found = watched(clips.scene(1, SIZE).expand(30, -1, -1, -1))
    assert found.findings(RATE) == {}
    assert found.seen() == (1, "still")


def test_black_frames_in_the_midst_of_a_shot_are_counted() -> None:
    clip = clips.scene(30, SIZE)
    clip[14:16] = 0
    found = watched(clip).findings(RATE)["black frames"]
    assert (found.value, found.worst) == (2, (14, 15))


def test_lamps_that_are_out_for_longer_and_fades_are_no_black_frames() -> None:
    out = clips.scene(40, SIZE)
    out[10:25] = 0
    faded = torch.cat([clips.fade_out(clips.scene(20, SIZE), 12), clips.fade_in(clips.scene(20, SIZE), 12)])
    assert "black frames" not in watched(out).findings(RATE)
    assert "black frames" not in watched(faded).findings(RATE)


def test_a_black_shot_is_told() -> None:
    assert watched(clips.even(12, SIZE)).seen() == (1, "black")


@pytest.mark.parametrize("effect", concert.EFFECTS)
def test_what_happens_on_a_stage_is_picture(effect: str) -> None:
    assert watched(concert.EFFECTS[effect](24)).findings(RATE) == {}
