"""A face counts when two moments show it in one place; what lives for an instant, and a stage, have none."""

from pathlib import Path

import pytest
from torch import Tensor

from restoration.engine.analysis import faces
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.media.inspect import inspect
from restoration.engine.media.reader import read
from restoration.engine.specimen import Specimen
from tests import clips, concert
from tests.portraits import portrait

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SIZE = (180, 120)


def counted(clip: Tensor) -> int:
    return faces.count(Specimen(tuple(Frame(planes, number, COLOR) for number, planes in enumerate(clip)), 2))


def test_a_face_that_stays_is_counted() -> None:
    assert counted(portrait().expand(5, -1, -1, -1)) == 1


def test_a_face_is_counted_in_the_fields_of_a_tape_too() -> None:
    frames = tuple(Frame(portrait(), number, COLOR, "tff") for number in range(5))
    assert faces.count(Specimen(frames, 2, order="tff")) == 1


def test_what_looks_like_a_face_for_one_moment_is_none() -> None:
    clip = clips.even(5, SIZE, 0.35)
    clip[2] = portrait()
    assert counted(clip) == 0


def test_two_moments_that_show_it_elsewhere_are_no_face() -> None:
    clip = portrait((50, 62), 30).repeat(5, 1, 1, 1)
    clip[3:] = portrait((130, 62), 30)
    assert counted(clip) == 0


@pytest.mark.parametrize("effect", concert.EFFECTS)
def test_a_stage_without_people_has_no_faces(effect: str) -> None:
    assert counted(concert.EFFECTS[effect](8)[:5]) == 0


@pytest.mark.footage
def test_a_speaker_is_seen_and_a_street_is_not_taken_for_one(footage: Path) -> None:
    found = []
    for name in ("news_pal_704x576i_tff.ts", "hd_street_1080p.mp4"):
        path = footage / "good" / name
        facts = inspect(path)
        frames = tuple(read(path, facts, 24, 29))
        found.append(faces.count(Specimen(frames, 2, order=facts.field_order)))
    assert found == [1, 0]
