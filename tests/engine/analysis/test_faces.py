"""A face counts when two moments show it in one place; what lives for an instant, and a stage, have none."""

from pathlib import Path

import pytest
import torch
from torch import Tensor

from restoration.engine.analysis import faces
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.media.inspect import inspect
from restoration.engine.media.reader import read
from restoration.engine.specimen import Specimen
from tests import clips, concert

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SIZE = (180, 120)
# Middle, radii, luma and softness of each spot of a drawn face: hair, skin, then both eyes with brows, nose and mouth.
HEAD = ((0, -0.15, 0.95, 1.2, 0.12, 0.15), (0, 0.1, 0.78, 1.05, 0.7, 0.15))
SIDE = ((0.32, -0.1, 0.2, 0.13, 0.4, 0.8), (0.32, -0.08, 0.13, 0.07, 0.12, 0.6), (0.32, -0.3, 0.22, 0.06, 0.3, 0.6),
        (0.38, 0.3, 0.2, 0.2, 0.76, 0.9), (0.08, 0.36, 0.06, 0.04, 0.4, 0.8))
MIDDLE = ((0, 0.1, 0.09, 0.2, 0.8, 0.8), (0, 0.64, 0.28, 0.08, 0.35, 0.6))


def portrait(middle: tuple[float, float] = (90, 62), tall: float = 34) -> Tensor:
    """A drawn face before an even wall, planes [3, H, W]."""
    planes = clips.even(1, SIZE, 0.35)[0]
    y, x = torch.meshgrid(torch.arange(SIZE[1]).float(), torch.arange(SIZE[0]).float(), indexing="ij")
    x, y = (x - middle[0]) / tall, (y - middle[1]) / tall
    mirrored = tuple((-spot[0], *spot[1:]) for spot in SIDE)
    for across, down, wide, high, luma, soft in (*HEAD, *SIDE, *mirrored, *MIDDLE):
        away = (((x - across) / wide) ** 2 + ((y - down) / high) ** 2).sqrt()
        planes[0] += ((1 - away) / soft).clamp(0, 1) * (luma - planes[0])
    return planes


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
