"""Faces get their detail back; colour, what is coarse, and all that is no face stay as they were."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from fractions import Fraction
from typing import Any, cast

import pytest
import torch
from torch import Tensor

from restoration.engine.compute import facefinding
from restoration.engine.compute.facefinding import Face
from restoration.engine.compute.local import box_mean
from restoration.engine.enhancement.faces import mending, reach, restore_faces, seeing
from restoration.engine.enhancement.faces.fusing import Fused, fine
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.metrics import psnr
from restoration.engine.networks.brought.facing import Facing
from restoration.engine.settings import FacesSettings
from restoration.engine.stage import ShotContext
from tests import concert
from tests.portraits import SIZE, marks, moving, out_of_focus, place

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
CONTEXT = ShotContext(Fraction(25), Fraction(1))
WEIGHTS = "ab" * 32
REACH = reach(FacesSettings(enabled=True))
INSIDE = (slice(45, 95), slice(72, 106))


def frames(clip: Tensor, first: int = 0) -> list[Frame]:
    return [Frame(planes, first + index, COLOR) for index, planes in enumerate(clip)]


def still(count: int) -> Tensor:
    """A soft face that does not move, [T, 3, H, W]."""
    return out_of_focus(moving(2))[1:].expand(count, -1, -1, -1)


def restored(entering: list[Frame], **settings: float | str) -> list[Frame]:
    chosen = FacesSettings.model_validate({"enabled": True, "strength": 1, **settings})
    return list(restore_faces(chosen, CONTEXT)(iter(entering)))


@pytest.fixture
def known(monkeypatch: pytest.MonkeyPatch) -> None:
    """The finder knows where the drawn face is, and fusing costs nothing: the stage is tested alone."""
    for room in (seeing, mending):
        monkeypatch.setattr(room, "faces_in", _found)
    monkeypatch.setattr(mending, "fused", lambda moments, middle, sigma: Fused(
        torch.stack(list(moments)).mean(0) - moments[middle], torch.zeros(2, *moments[middle].shape),
        as_they_are(moments)))


def as_they_are(moments: Sequence[Tensor]) -> tuple[tuple[Tensor, Tensor], ...]:
    """Ways to all others on which nothing moves."""
    return ((torch.zeros(2, *moments[0].shape), torch.ones_like(moments[0])),) * (len(moments) - 1)


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


def test_a_face_is_restored_between_frames_that_are_repeated(monkeypatch: pytest.MonkeyPatch) -> None:
    """Between the two of a pair nothing moves, yet each is joined with other neighbours."""
    for room in (seeing, mending):
        monkeypatch.setattr(room, "faces_in", _found)
    soft = out_of_focus(moving(6)).repeat_interleave(2, 0)
    made = restored(frames(soft))
    assert not any(torch.equal(frame.planes, planes) for frame, planes in zip(made[2:], soft[2:], strict=True))


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


class House:
    """A face network of another house: draws the face it is shown, crisper, and in another light and colour."""

    architecture = type("Architecture", (), {"id": "House", "name": "House"})

    def __init__(self, draw: Callable[[Tensor], Tensor]) -> None:
        self.draw = draw

    def __call__(self, face: Tensor) -> Tensor:
        return self.draw(face)


def crisper(face: Tensor) -> Tensor:
    return face + 4 * (face - box_mean(face, 8)) + torch.tensor([0.1, 0.0, -0.1])[None, :, None, None]


@pytest.fixture
def house(known: None, monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Tensor], Tensor]], None]:
    """Brings a face network; whoever finds the drawn face knows its marks, too."""
    def found(luma: Tensor, pixel_aspect: float) -> tuple[Face, ...]:
        return tuple(replace(each, marks=marks((each.x, each.y))) for each in _found(luma, pixel_aspect))

    for room in (seeing, mending):
        monkeypatch.setattr(room, "faces_in", found)
    monkeypatch.setattr(mending, "knows_marks", lambda: True)
    monkeypatch.setattr(mending, "fused", lambda moments, middle, sigma: Fused(
        torch.zeros_like(moments[middle]), torch.zeros(2, *moments[middle].shape), as_they_are(moments)))

    def bring(draw: Callable[[Tensor], Tensor]) -> None:
        monkeypatch.setattr(mending, "facing_with", lambda sha256: Facing(cast(Any, House(draw))))

    return bring


@pytest.mark.parametrize("natural", [0.2, 0.4])
def test_a_share_of_what_a_face_network_draws_is_in_the_face_and_nothing_else_of_it(
        natural: float, house: Callable[[Callable[[Tensor], Tensor]], None]) -> None:
    house(crisper)
    soft = still(9)
    made = restored(frames(soft), weights=WEIGHTS, natural=natural)
    plain = restored(frames(soft))
    added = made[4].planes[0] - plain[4].planes[0]
    own = fine(soft[4, 0])
    along = float((added * own)[INSIDE].mean() / own[INSIDE].square().mean())
    assert 0.4 * natural < along < natural  # Limited to what detail there is around.
    assert all(torch.equal(frame.planes[1:], planes[1:]) for frame, planes in zip(made, soft, strict=True))
    assert not added[:, :50].any() and not added[:, 130:].any()


def test_a_network_that_draws_another_face_adds_no_more_than_a_share_of_the_faces_own_detail(
        house: Callable[[Callable[[Tensor], Tensor]], None]) -> None:
    house(lambda face: 6 * face.roll(40, 3) - 2)
    soft = still(9)
    added = restored(frames(soft), weights=WEIGHTS, natural=0.4)[4].planes[0] - soft[4, 0]
    around = box_mean(fine(soft[4, 0]).square(), 4).sqrt()
    assert float((added.abs() - 0.4 * around).max()) < 0.4 * 0.0041
    assert float(added.abs().max()) > 0.01


def test_a_face_with_what_a_network_drew_that_fails_a_gate_stays_as_it_was(
        house: Callable[[Callable[[Tensor], Tensor]], None], monkeypatch: pytest.MonkeyPatch) -> None:
    house(crisper)
    monkeypatch.setattr(mending, "holds", lambda *args: False)
    soft = still(9)
    assert all(torch.equal(frame.planes, soft[0]) for frame in restored(frames(soft), weights=WEIGHTS))


def test_a_face_network_is_not_asked_where_nobody_finds_marks(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(facefinding, "_weights", lambda: None)
    soft = frames(out_of_focus(moving(3)))
    made, plain = restored(soft, weights=WEIGHTS), restored(soft)
    assert all(torch.equal(one.planes, other.planes) for one, other in zip(made, plain, strict=True))


def test_a_part_of_a_shot_with_a_face_network_equals_the_whole(
        house: Callable[[Callable[[Tensor], Tensor]], None]) -> None:
    house(crisper)
    around = reach(FacesSettings(enabled=True, weights=WEIGHTS))
    assert around > REACH
    entering = frames(out_of_focus(moving(2 * around + 4)))
    whole = restored(entering, weights=WEIGHTS)
    for part, own in ((entering[2:], slice(around, None)), (entering[:-2], slice(None, -around))):
        for frame in restored(part, weights=WEIGHTS)[own]:
            assert torch.equal(frame.planes, whole[frame.number].planes)


@pytest.mark.usefixtures("known")
def test_a_part_that_is_given_more_at_each_end_equals_the_whole() -> None:
    entering = frames(out_of_focus(moving(2 * REACH + 4)))
    whole = restored(entering)
    for part, own in ((entering[2:], slice(REACH, None)), (entering[:-2], slice(None, -REACH))):
        for frame in restored(part)[own]:
            assert torch.equal(frame.planes, whole[frame.number].planes)
    assert not torch.equal(whole[REACH + 2].planes, entering[REACH + 2].planes)
