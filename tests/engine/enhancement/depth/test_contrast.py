"""Detail gains or loses a few per cent of itself, and nothing else changes."""

from fractions import Fraction

import pytest
import torch
from torch import Tensor

from restoration.engine.chain import stages, through
from restoration.engine.compute.guided import guided
from restoration.engine.enhancement.depth import REACH, set_apart
from restoration.engine.errors import SettingsError
from restoration.engine.facts import Shot, SourceFacts
from restoration.engine.fitting import fitted, refuse_unfit
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.reaching import frames_around
from restoration.engine.settings import DepthSettings, LowlightSettings, Settings
from restoration.engine.stage import ShotContext
from tests import clips, concert
from tests.engine.enhancement.depth.test_layers import figure, filmed

COLOR = ColorSpec("bt709", "bt709", "bt709")
WOVEN = SourceFacts(name="tape.mov", rate=Fraction(25), frames=9, width=720, height=576, pixel_aspect=Fraction(16, 15),
                    scan="interlaced", field_order="tff", duration=Fraction(9, 25))


def apart(clip: Tensor, amount: float = 1.0, first: int = 0) -> Tensor:
    stage = set_apart(DepthSettings(enabled=True, amount=amount), ShotContext(Fraction(25), Fraction(1)))
    return torch.stack([frame.planes for frame in stage(
        Frame(planes, first + index, COLOR) for index, planes in enumerate(clip))])


def detail(luma: Tensor) -> Tensor:
    return luma - guided(luma, luma, edge=0.08)


def gained(clip: Tensor, where: Tensor) -> float:
    """How much of its detail the middle frame gains there, as a share."""
    fine = detail(clip[1, 0])[where]
    return float(((apart(clip)[1, 0] - clip[1, 0])[where] * fine).sum() / fine.square().sum())


def test_the_figure_gains_a_little_contrast_and_its_ground_loses_some() -> None:
    assert 0.01 < gained(filmed(3, ground=7, own=7, speed=2), figure(2) > 0.9) < 0.04
    assert -0.04 < gained(filmed(3, ground=7, own=7, speed=2), figure(2) < 0.1) < 0


def test_where_all_is_alike_hardly_anything_changes() -> None:
    assert abs(gained(filmed(3, ground=7, own=7, pan=1), figure() > 0.9)) < 0.01


@pytest.mark.parametrize("effect", concert.EFFECTS)
def test_no_effect_of_a_concert_changes_by_more_than_a_few_per_cent_of_its_detail(effect: str) -> None:
    clip = concert.EFFECTS[effect](4)
    made = apart(clip)
    fine = torch.stack([detail(luma) for luma in clip[:, 0]])
    assert bool(((made - clip)[:, 0].abs() <= 0.0401 * fine.abs() + 1e-6).all())
    assert torch.equal(made[:, 1:], clip[:, 1:])


def test_what_is_nearly_black_stays() -> None:
    clip = 0.05 * filmed(3, ground=50, own=6)
    assert torch.equal(apart(clip), clip)


def test_a_part_with_its_neighbours_equals_the_whole() -> None:
    clip = clips.scene(2 * REACH + 3, (96, 64))
    assert torch.equal(apart(clip[1:], first=1)[REACH:REACH + 2], apart(clip)[1 + REACH:3 + REACH])


def test_a_part_is_given_as_many_neighbours_as_it_needs() -> None:
    """What the chain reads around a part gives the part of the whole shot, under a look as well."""
    clip = clips.scene(2 * REACH + 4, (96, 64), brightness=0.2)
    settings = Settings(depth=DepthSettings(enabled=True, amount=1), lowlight=LowlightSettings(enabled=True))
    facts = WOVEN.model_copy(update={"width": 96, "height": 64, "scan": "progressive", "field_order": None})
    whole = Shot(index=0, start=0, end=len(clip))
    part = whole.model_copy(update={"start": REACH + 1, "end": REACH + 3, "within": (0, len(clip))})
    made = []
    for shot in (whole, part):
        low, high = frames_around(shot, settings)
        frames = (Frame(clip[number], number, COLOR) for number in range(low, high))
        made.append(list(through(frames, stages(settings, facts, shot))))
    assert [frame.number for frame in made[1]] == [REACH + 1, REACH + 2]
    for frame in made[1]:
        assert torch.equal(frame.planes, made[0][frame.number].planes)


def test_nothing_asked_for_changes_nothing() -> None:
    clip = clips.scene(3, (96, 64))
    assert torch.equal(apart(clip, 0.0), clip)


def test_frames_of_two_fields_are_made_whole_first_or_refused() -> None:
    asked = Settings(depth=DepthSettings(enabled=True))
    with pytest.raises(SettingsError, match="two fields"):
        refuse_unfit(asked, WOVEN)
    assert fitted(asked, WOVEN).fields.method == "frames"
