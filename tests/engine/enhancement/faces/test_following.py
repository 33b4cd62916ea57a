"""A face is followed with a steady hand, from the looks around a moment alone."""

from itertools import pairwise

import pytest

from restoration.engine.compute.facefinding import Face
from restoration.engine.enhancement.faces.following import EVERY, SIGHT, Look, followed

FRONT = ((-10.0, -8.0), (10.0, -8.0), (0.0, 2.0), (-8.0, 14.0), (8.0, 14.0))


def seen(x: float, y: float = 100, *, tall: float = 36, nose: float = 0.0) -> Face:
    marks = tuple((x + across + (nose if index == 2 else 0), y + down) for index, (across, down) in enumerate(FRONT))
    return Face(x, y, 0.7 * tall, tall, marks)


def looks(number: int, *, speed: float = 0.0, missed: tuple[int, ...] = ()) -> list[Look]:
    first = -(-(number - SIGHT) // EVERY) * EVERY
    return [(moment, () if moment in missed else (seen(200 + speed * moment),))
            for moment in range(first, number + SIGHT + 1, EVERY)]


def test_a_face_that_moves_evenly_is_where_it_is_between_the_looks() -> None:
    for number in (30, 31, 32):
        [found] = followed(looks(number, speed=2.0), number, 24)
        assert found.face.x == pytest.approx(200 + 2 * number, abs=0.6)
        assert found.strength == 1


def test_the_finders_tremble_does_not_reach_the_mask() -> None:
    trembling = [(moment, (seen(200 + (4 if moment % 2 else -4)),)) for moment in range(0, 60, EVERY)]
    places = [followed([look for look in trembling if abs(look[0] - number) <= SIGHT], number, 24)[0].face.x
              for number in range(20, 40)]
    assert max(abs(one - other) for one, other in pairwise(places)) < 1.2


def test_a_face_that_is_missed_once_fades_instead_of_blinking() -> None:
    strengths = [sum(each.strength for each in followed(looks(number, missed=(30,)), number, 24))
                 for number in range(20, 41)]
    assert min(strengths) > 0.3
    assert max(abs(one - other) for one, other in pairwise(strengths)) < 0.5


def test_what_is_seen_once_is_no_face() -> None:
    for number in range(24, 37):
        found = followed(looks(number, missed=(18, 21, 24, 27, 33, 36, 39, 42)), number, 24)
        assert sum(each.strength for each in found) < 0.2


@pytest.mark.parametrize(("tall", "strength"), [(11, 0.0), (20, 0.5), (33, 1.0)])
def test_small_faces_get_less(tall: float, strength: float) -> None:
    found = followed([(30, (seen(200, tall=tall),))], 30, 24)
    assert sum(each.strength for each in found) == pytest.approx(strength, abs=0.2)


@pytest.mark.parametrize(("nose", "strength"), [(0, 1.0), (6, 1.0), (13, 0.5), (25, 0.0)])
def test_faces_that_turn_away_get_less(nose: float, strength: float) -> None:
    found = followed([(30, (seen(200, nose=nose),))], 30, 24)
    assert sum(each.strength for each in found) == pytest.approx(strength, abs=0.25)


def test_two_faces_are_told_apart() -> None:
    pair = [(moment, (seen(100 + moment), seen(300 - moment))) for moment in range(24, 37, EVERY)]
    assert sorted(round(each.face.x) for each in followed(pair, 30, 24)) == [130, 270]
