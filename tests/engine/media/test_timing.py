"""Timecode is a label; the truths are OpenTimelineIO's."""

from fractions import Fraction

import pytest

from restoration.engine.errors import SettingsError
from restoration.engine.media import timing
from tests.clips import FIELDS, NTSC


@pytest.mark.parametrize(("frame", "label"), [
    (1799, "00:00:59;29"), (1800, "00:01:00;02"), (17981, "00:09:59;29"), (17982, "00:10:00;00"),
    (107892, "01:00:00;00"), (107957, "01:00:02;05"),
])
def test_drop_frame_labels_are_the_known_ones_and_lead_back(frame: int, label: str) -> None:
    assert timing.label(frame, NTSC, drop_frame=True) == label
    assert timing.frame_number(label, NTSC) == frame


def test_without_drop_frame_the_same_frame_has_the_other_label() -> None:
    assert timing.label(107957, NTSC) == "00:59:58:17"
    assert timing.frame_number("00:59:58:17", NTSC) == 107957


@pytest.mark.parametrize(("rate", "forbidden"), [(NTSC, 2), (FIELDS, 4)])
def test_no_dropped_label_is_ever_written_in_a_whole_hour(rate: Fraction, forbidden: int) -> None:
    for frame in range(timing.frame_number("01:00:00;00", rate)):
        written = timing.label(frame, rate, drop_frame=True)
        minutes, seconds, frames = int(written[3:5]), int(written[6:8]), int(written[9:])
        assert not (minutes % 10 and seconds == 0 and frames < forbidden), written


def test_a_label_that_drop_frame_skips_is_refused() -> None:
    with pytest.raises(SettingsError, match="no label"):
        timing.frame_number("00:01:00;00", NTSC)


@pytest.mark.parametrize("text", ["", "1:2:3", "00:00:00:30", "00:61:00:00", "noon"])
def test_what_is_no_timecode_is_refused(text: str) -> None:
    with pytest.raises(SettingsError, match="not a timecode"):
        timing.frame_number(text, NTSC)


def test_a_rate_read_from_milliseconds_is_the_standard_one() -> None:
    assert timing.nearest_standard(Fraction(19001, 317)) == FIELDS
    assert timing.nearest_standard(Fraction(1000, 42)) != Fraction(24)
