"""How a master's frames lie in its source's time: exact, and the same whoever counts."""

from fractions import Fraction
from itertools import pairwise
from typing import get_args

import pytest

from restoration.engine.moments import FrameMap, Moments, frame_map_of
from restoration.engine.settings import FieldsSettings, RetimeSettings

NTSC = Fraction(30000, 1001)
PLAIN, FIELDS, FILM, DOUBLE, FILM_DOUBLE, FIVE, FILM_FIVE = ALL = [Moments.mapped(each) for each in get_args(FrameMap)]


@pytest.mark.parametrize("moments", ALL, ids=get_args(FrameMap))
def test_neighbouring_ranges_own_every_frame_once(moments: Moments) -> None:
    bounds = [0, 1, 4, 5, 6, 13, 30]
    owned = [number for start, end in pairwise(bounds) for number in moments.owned(start, end)]
    assert owned == list(moments.owned(0, 30)) == list(range(moments.count(0, 30)))


def test_film_has_four_frames_for_five_and_begins_where_it_says() -> None:
    assert [list(FILM.owned(start, start + 1)) for start in range(6)] == [[0], [1], [2], [3], [], [4]]
    for start, end in ((0, 7), (7, 13)):
        assert all(start <= FILM.time(number) < end for number in FILM.owned(start, end))
    assert FILM.rate(NTSC) == Fraction(24000, 1001)


def test_a_source_frame_is_shown_by_a_frame_that_is_on_while_it_is() -> None:
    for moments in ALL:
        for frame in range(12):
            assert moments.showing(frame) in moments.shown_with(frame)
    assert [FIELDS.showing(frame) for frame in range(3)] == [0, 2, 4]
    assert [FILM.showing(frame) for frame in range(6)] == [0, 1, 2, 2, 3, 4]


def test_the_field_beside_a_frame_is_on_in_the_middle_of_it() -> None:
    assert [FIELDS.field(number) for number in range(4)] == [0, 1, 2, 3]
    assert [FILM.field(number) for number in range(5)] == [1, 3, 6, 8, 11]


def test_frames_in_between_belong_to_the_frame_they_follow_and_stay_in_its_shot() -> None:
    assert [list(DOUBLE.owned(frame, frame + 1)) for frame in range(3)] == [[0, 1], [2, 3], [4, 5]]
    assert [list(FIVE.owned(frame, frame + 1)) for frame in range(4)] == [[0, 1, 2], [3, 4], [5, 6, 7], [8, 9]]
    for start in range(10):
        made = FILM.owned(start, start + 1)
        assert {int(FILM_DOUBLE.from_repaired(number)) for number in FILM_DOUBLE.owned(start, start + 1)} == set(made)


def test_rates_are_exact() -> None:
    film = Fraction(24000, 1001)
    assert [moments.rate(film) for moments in (DOUBLE, FIVE)] == [Fraction(48000, 1001), Fraction(60000, 1001)]
    assert FILM_DOUBLE.rate(NTSC) == DOUBLE.rate(film) and FILM_FIVE.rate(NTSC) == FIVE.rate(film)


def test_every_map_has_a_name_and_is_found_by_it() -> None:
    for name, method, rate in (("identity", "none", "as it is"), ("fields", "frames", "as it is"),
                               ("film five for two", "film", "five for two"), ("double", "none", "double")):
        fields = FieldsSettings.model_validate({"method": method})
        retime = RetimeSettings.model_validate({"rate": rate})
        assert frame_map_of(fields, retime) == name
        assert Moments.of(fields, retime) == Moments.mapped(frame_map_of(fields, retime))


@pytest.mark.parametrize(("moments", "timecode", "start", "drop_frame", "label"), [
    (PLAIN, "10:00:00:00", 3, False, "10:00:00:03"), (FIELDS, "01:00:00;02", 0, True, "01:00:00;04"),
    (FILM, "01:00:00:00", 0, False, "01:00:00:00"), (FILM, "01:00:00:00", 30, False, "01:00:01:00"),
    (FILM, "01:00:00;00", 0, True, "01:00:00:00"), (FILM, "00:59:59:15", 0, False, "00:59:59:12"),
    (FILM, "00:00:00:00", 4, False, "00:00:00:04"), (DOUBLE, "01:00:00;02", 1, True, "01:00:00;06"),
    (FILM_DOUBLE, "01:00:00;00", 0, True, "01:00:00:00"), (FILM_DOUBLE, "00:00:00:05", 0, False, "00:00:00:08")])
def test_the_first_label_is_the_sources(moments: Moments, timecode: str, start: int, drop_frame: bool,
                                        label: str) -> None:
    assert moments.label(timecode, NTSC, start, drop_frame=drop_frame) == label
