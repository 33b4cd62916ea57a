"""How a master's frames lie in its source's time: exact, and the same whoever counts."""

from fractions import Fraction
from itertools import pairwise

import pytest

from restoration.engine.moments import Moments

NTSC = Fraction(30000, 1001)
PLAIN, FIELDS, FILM = (Moments.mapped(each) for each in ("identity", "fields", "film"))  # type: ignore[arg-type]


@pytest.mark.parametrize("moments", [PLAIN, FIELDS, FILM], ids=["identity", "fields", "film"])
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
    for moments in (PLAIN, FIELDS, FILM):
        for frame in range(12):
            assert moments.showing(frame) in moments.shown_with(frame)
    assert [FIELDS.showing(frame) for frame in range(3)] == [0, 2, 4]
    assert [FILM.showing(frame) for frame in range(6)] == [0, 1, 2, 2, 3, 4]


def test_the_field_beside_a_frame_is_on_in_the_middle_of_it() -> None:
    assert [FIELDS.field(number) for number in range(4)] == [0, 1, 2, 3]
    assert [FILM.field(number) for number in range(5)] == [1, 3, 6, 8, 11]


@pytest.mark.parametrize(("moments", "timecode", "start", "drop_frame", "label"), [
    (PLAIN, "10:00:00:00", 3, False, "10:00:00:03"), (FIELDS, "01:00:00;02", 0, True, "01:00:00;04"),
    (FILM, "01:00:00:00", 0, False, "01:00:00:00"), (FILM, "01:00:00:00", 30, False, "01:00:01:00"),
    (FILM, "01:00:00;00", 0, True, "01:00:00:00"), (FILM, "00:59:59:15", 0, False, "00:59:59:12"),
    (FILM, "00:00:00:00", 4, False, "00:00:00:04")])
def test_the_first_label_is_the_sources(moments: Moments, timecode: str, start: int, drop_frame: bool,
                                        label: str) -> None:
    assert moments.label(timecode, NTSC, start, drop_frame=drop_frame) == label
