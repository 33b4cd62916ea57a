"""Faces get their detail back; colour, what is coarse, and all that is no face stay as they were."""

from fractions import Fraction

import pytest
import torch
from torch import Tensor

from restoration.engine.compute import facefinding
from restoration.engine.compute.facefinding import Face
from restoration.engine.enhancement.faces import REACH, mending, restore_faces
from restoration.engine.enhancement.faces.fusing import Fused
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.metrics import psnr
from restoration.engine.settings import FacesSettings
from restoration.engine.stage import ShotContext
from tests import concert
from tests.portraits import SIZE, moving, out_of_focus, place

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
CONTEXT = ShotContext(Fraction(25), Fraction(1))
INSIDE = (slice(45, 95), slice(72, 106))


def frames(clip: Tensor, first: int = 0) -> list[Frame]:
    return [Frame(planes, first + index, COLOR) for index, planes in enumerate(clip)]


def restored(entering: list[Frame], **settings: float) -> list[Frame]:
    chosen = FacesSettings.model_validate({"enabled": True, "strength": 1, **settings})
    return list(restore_faces(chosen, CONTEXT)(iter(entering)))


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The finder knows where the drawn face is, and fusing costs nothing: the stage is tested alone."""
    monkeypatch.setattr(mending, "faces_in", _found)
    monkeypatch.setattr(mending, "fused", lambda moments, middle, sigma: Fused(
        torch.stack(list(moments)).mean(0) - moments[middle], torch.zeros(2, *moments[middle].shape)))


def _found(luma: Tensor, pixel_aspect: float) -> tuple[Face, ...]:
    """The drawn face, by the light of its skin."""
    rows, columns = torch.where(luma > 0.62 * luma.max())
    middle = float(columns.float().mean()), float(rows.float().mean())
    return (Face(*middle, 27, 38),)


def test_a_face_that_is_found_comes_nearer_to_what_it_was(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facefinding, "_weights", lambda: None)  # The cascades take a drawn face for one.
    clean = moving(8)
    soft = out_of_focus(clean)
    made = restored(frames(soft))[3].planes
    assert psnr(made[0][INSIDE], clean[3, 0][INSIDE]) > psnr(soft[3, 0][INSIDE], clean[3, 0][INSIDE]) + 1.5


@pytest.mark.usefixtures("known")
def test_a_blue_lamp_stays_blue_and_all_around_the_face_stays_bit_for_bit() -> None:
    soft = out_of_focus(moving(7, gain=0.6))
    soft[:, 1] += 0.25 * soft[:, 0]
    made = restored(frames(soft))
    y, x = torch.meshgrid(torch.arange(SIZE[1]), torch.arange(SIZE[0]), indexing="ij")
    for number, frame in enumerate(made):
        assert torch.equal(frame.planes[1:], soft[number, 1:])
        middle = place(number)
        far = ((x - middle[0]) / 27) ** 2 + ((y - middle[1]) / 38) ** 2 > 1.6
        assert torch.equal(frame.planes[0][far], soft[number, 0][far])
    assert not torch.equal(made[5].planes, soft[5])


@pytest.mark.usefixtures("known")
def test_nothing_is_added_where_it_is_nearly_black() -> None:
    soft = out_of_focus(moving(7, gain=0.05))
    for frame, planes in zip(restored(frames(soft)), soft, strict=True):
        assert (frame.planes - planes).abs().max() < 1e-4


@pytest.mark.parametrize("effect", concert.EFFECTS)
def test_a_stage_without_people_stays_bit_for_bit(effect: str) -> None:
    entering = frames(concert.EFFECTS[effect](4))
    assert restored(entering) == entering


@pytest.mark.parametrize("asked", [{"enabled": False}, {"strength": 0}])
def test_whoever_asks_for_nothing_gets_the_frames_as_they_are(asked: dict[str, float]) -> None:
    entering = frames(out_of_focus(moving(3)))
    assert restored(entering, **asked) == entering


@pytest.mark.usefixtures("known")
@pytest.mark.parametrize(("gate", "before"), [("holds", 6), ("is_as_steady", 5)])
def test_a_face_that_fails_a_gate_stays_as_it_was_and_fades_around_that(gate: str, before: int,
                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    soft = out_of_focus(moving(13))
    free = restored(frames(soft))
    asked = iter(range(100))
    monkeypatch.setattr(mending, gate, lambda *args: next(asked) != before)
    made = restored(frames(soft))
    assert torch.equal(made[6].planes, soft[6])
    assert torch.allclose(made[5].planes - soft[5], (free[5].planes - soft[5]) / 3, atol=1e-6)
    assert torch.equal(made[9].planes, free[9].planes)


@pytest.mark.usefixtures("known")
def test_a_part_that_is_given_more_at_each_end_equals_the_whole() -> None:
    entering = frames(out_of_focus(moving(2 * REACH + 4)))
    whole = restored(entering)
    for part, own in ((entering[2:], slice(REACH, None)), (entering[:-2], slice(None, -REACH))):
        for frame in restored(part)[own]:
            assert torch.equal(frame.planes, whole[frame.number].planes)
    assert not torch.equal(whole[REACH + 2].planes, entering[REACH + 2].planes)
