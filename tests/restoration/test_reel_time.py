"""Timecode of a reel, against the labels that SMPTE and OpenTimelineIO give."""

from fractions import Fraction

import pytest

from restoration.engine.errors import SettingsError
from restoration.engine.media import timing
from restoration.reel_time import ReelTime
from tests.restoration.factories import VersionFactory

NTSC, DOUBLE = Fraction(30000, 1001), Fraction(60000, 1001)
DAYS = {NTSC: 2_589_408, DOUBLE: 5_178_816}
TRUTHS = [(107957, True, "01:00:02;05"), (107957, False, "00:59:58:17"), (1799, True, "00:00:59;29"),
          (1800, True, "00:01:00;02"), (17981, True, "00:09:59;29"), (17982, True, "00:10:00;00"),
          (107892, True, "01:00:00;00")]


@pytest.mark.parametrize(("frame", "drops", "label"), TRUTHS)
def test_labels_are_those_of_smpte_both_ways(frame: int, drops: bool, label: str) -> None:
    reel = ReelTime(NTSC, DAYS[NTSC], 0, drops)
    assert (reel.label(frame), reel.frame_at(label)) == (label, frame)


@pytest.mark.parametrize("rate", [NTSC, DOUBLE])
def test_around_every_minute_of_a_day_a_drop_frame_label_is_allowed_and_comes_back(rate: Fraction) -> None:
    """Within a minute labels only count on. `python -m benchmarks.timecode` asks every frame of the day."""
    minute = DAYS[rate] / 1440
    near = [round(number * minute) + aside for number in range(1, 1440) for aside in range(-12, 13)]
    labels = {frame: timing.label(frame, rate, drop_frame=True) for frame in near}
    forbidden = tuple(f"00;{frames:02}" for frames in range(round(rate) // 15))
    assert len(set(labels.values())) == len(labels)
    assert [label for label in labels.values() if label[4] != "0" and label.endswith(forbidden)] == []
    assert [frame for frame, label in labels.items() if timing.frame_number(label, rate) != frame] == []
    assert timing.label(DAYS[rate], rate, drop_frame=True) == "00:00:00;00"


def test_a_reel_that_begins_within_a_day_counts_on_past_midnight() -> None:
    reel = ReelTime(Fraction(25), 100, timing.frame_number("23:59:58:10", Fraction(25)))
    assert [reel.label(frame) for frame in (0, 39, 40)] == ["23:59:58:10", "23:59:59:24", "00:00:00:00"]
    assert reel.frame_at("00:00:00:00") == 40


def test_a_drop_frame_reel_understands_every_sign_before_the_frames() -> None:
    reel = ReelTime(NTSC, 5000, 107892, True)
    assert {reel.frame_at(label) for label in ("01:00:01;00", "01:00:01:00", "01;00;01;00", "1:00:01.00")} == {30}


@pytest.mark.parametrize(("label", "sentence"), [
    ("01:01:00;00", "has no label"), ("01:00:00;30", "is not a timecode"), ("soon", "is not a timecode"),
    ("02:00:00;00", "outside this reel, which runs from 01:00:00;00 to 01:02:46;18"),
])
def test_what_names_no_frame_is_refused_in_a_sentence(label: str, sentence: str) -> None:
    with pytest.raises(SettingsError, match=sentence):
        ReelTime(NTSC, 4995, 107892, True).frame_at(label)


def test_a_reel_that_counts_every_frame_refuses_drop_frame_labels() -> None:
    with pytest.raises(SettingsError, match="this reel counts every frame"):
        ReelTime(NTSC, 5000).frame_at("00:00:01;00")


@pytest.mark.django_db
def test_a_version_counts_as_its_master_says() -> None:
    version = VersionFactory(made=True, report={"master": {"start_timecode": "01:00:00;00"}})
    reel = ReelTime.of(version)
    assert (reel.rate, reel.frames, reel.label(0), reel.drop_frame) == (DOUBLE, 200, "01:00:00;00", True)
    assert ReelTime.of(VersionFactory()).frames == 0
