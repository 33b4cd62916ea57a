"""What a person masked is filled with what the moments around show; nothing else changes by a bit."""

from fractions import Fraction

import pytest
import torch
from torch import Tensor

from restoration.engine.compute.spreading import spread_in
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.moments import AS_THEY_ARE, Moments
from restoration.engine.repair.retouch import REPAIR
from restoration.engine.repair.retouch.drawing import drawn
from restoration.engine.settings import Retouch
from restoration.engine.stage import ShotContext
from tests import clips
from tests.engine.threads import on_one_thread_and_two

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SIZE = (180, 120)
SQUARE = Fraction(1)
POLYGON = ((0.4, 0.4), (0.55, 0.35), (0.6, 0.55), (0.42, 0.6))
BRUSH = ((0.2, 0.7), (0.3, 0.6))


def shapes(start: int, end: int) -> tuple[Retouch, ...]:
    return (Retouch(start=start, end=end, points=POLYGON),
            Retouch(start=start, end=end, points=BRUSH, radius=0.03))


def retouched(clip: Tensor, drawings: tuple[Retouch, ...], *, first: int = 0, sigma: float = 0.0,
              moments: Moments = AS_THEY_ARE) -> tuple[Tensor, dict[int, Tensor]]:
    masks: dict[int, Tensor] = {}

    def note(number: int, mask: Tensor | None) -> None:
        assert mask is not None
        masks[number] = mask

    context = ShotContext(Fraction(25), SQUARE, noise_sigma=(sigma, sigma), seed=3, moments=moments, note=note)
    made = list(REPAIR.mend(drawings, context)(
        Frame(planes, first + number, COLOR) for number, planes in enumerate(clip)))
    assert [frame.number for frame in made] == list(range(first, first + len(clip)))
    return torch.stack([frame.planes for frame in made]), masks


def spoilt(clip: Tensor, drawings: tuple[Retouch, ...]) -> Tensor:
    """Something bright lies where it was drawn."""
    bad = clip.clone()
    for shape in drawings:
        inside = drawn([shape], SIZE, SQUARE) >= 1
        bad[shape.start:shape.end, :, inside] = torch.tensor([0.9, 0.1, -0.2])[:, None]
    return bad


def spread(clip: Tensor, masks: dict[int, Tensor]) -> Tensor:
    """The masks filled from their edges alone."""
    return torch.stack([spread_in(planes, ~masks[number]) if number in masks else planes
                        for number, planes in enumerate(clip)])


def decibels(one: Tensor, truth: Tensor, masks: dict[int, Tensor]) -> float:
    errors = [(one[number] - truth[number])[:, mask].square().mean() for number, mask in masks.items()]
    return float(-10 * torch.stack(errors).mean().log10())


@pytest.mark.parametrize(("start", "end", "least"), [(6, 7, 8.0), (5, 8, 6.0), (4, 10, 4.0)])
def test_a_hole_is_filled_far_better_than_by_its_edges_alone(start: int, end: int, least: float) -> None:
    truth, drawings = clips.scene(14, SIZE, speed=(1.3, 0.4)), shapes(start, end)
    bad = spoilt(truth, drawings)
    made, masks = retouched(bad, drawings)
    assert set(masks) == set(range(start, end))
    ours = decibels(made, truth, masks)
    assert ours > decibels(spread(bad, masks), truth, masks) + least
    assert ours > decibels(bad, truth, masks) + 12


def test_only_what_was_drawn_in_the_moments_it_was_drawn_for_changes() -> None:
    clip, drawings = clips.noisy(clips.scene(9, SIZE), 0.02), shapes(3, 5)
    made, masks = retouched(clip, drawings, sigma=0.02)
    for number, planes in enumerate(clip):
        outside = ~masks[number] if number in masks else torch.ones(SIZE[1], SIZE[0], dtype=torch.bool)
        assert torch.equal(made[number][:, outside], planes[:, outside])


def test_a_mask_that_stays_is_filled_from_what_moves_out_from_under_it() -> None:
    wide = clips.moment(0, (260, 120), 3)
    truth = torch.stack([wide[..., 5 * number:5 * number + SIZE[0]] for number in range(12)])
    drawings = (Retouch(start=0, end=12, points=((0.5, 0.3), (0.5, 0.7)), radius=0.03),)
    bad = spoilt(truth, drawings)
    made, masks = retouched(bad, drawings)
    assert decibels(made, truth, masks) > decibels(spread(bad, masks), truth, masks) + 3


def test_where_no_moment_shows_the_scene_the_edges_are_spread_in() -> None:
    still = clips.even(6, SIZE, 0.4)
    made, _ = retouched(spoilt(still, shapes(0, 6)), shapes(0, 6))
    assert (made - still).abs().max() < 0.01


def test_light_that_changed_between_the_moments_is_fitted() -> None:
    truth, drawings = clips.scene(9, SIZE, speed=(0.5, 0.2)), shapes(4, 5)
    truth[4:, 0] *= 0.7
    made, masks = retouched(spoilt(truth, drawings), drawings)
    assert abs(float((made[4] - truth[4])[0, masks[4]].mean())) < 0.01


def test_the_noise_of_the_picture_is_in_the_fill_too() -> None:
    sigma = 0.03
    clip, drawings = clips.noisy(clips.even(9, SIZE, 0.5), sigma, sigma), shapes(4, 5)
    made, masks = retouched(spoilt(clip, drawings), drawings, sigma=sigma)
    inside = drawn(drawings, SIZE, SQUARE) >= 1
    assert 0.6 * sigma < float(made[4, 0, inside].std()) < 1.2 * sigma
    assert masks[4][inside].all()


@pytest.mark.parametrize(("per_frame", "numbers"), [(Fraction(2), {4, 5}), (Fraction(4, 5), {1, 2})])
def test_every_moment_that_is_on_while_the_source_frame_is_gets_filled(per_frame: Fraction, numbers: set[int]) -> None:
    _, masks = retouched(clips.scene(8, SIZE), shapes(2, 3), moments=Moments(per_frame))
    assert set(masks) == numbers


@pytest.mark.parametrize(("start", "end"), [(6, 7), (3, 13)])
def test_a_part_with_frames_to_spare_equals_the_whole(start: int, end: int) -> None:
    drawings = shapes(start, end)
    bad = spoilt(clips.noisy(clips.scene(30, SIZE), 0.01), drawings)
    around = REPAIR.reach(drawings)
    entire, _ = retouched(bad, drawings, sigma=0.01)
    low, high = max(0, 5 - around), 8 + around
    part, _ = retouched(bad[low:high], drawings, first=low, sigma=0.01)
    assert torch.equal(part[5 - low:8 - low], entire[5:8])


def test_one_thread_and_two_give_the_same_bits() -> None:
    drawings = shapes(3, 5)
    bad = spoilt(clips.scene(8, SIZE), drawings)
    assert torch.equal(*on_one_thread_and_two(lambda: retouched(bad, drawings)[0]))


def test_without_a_drawing_nothing_is_on() -> None:
    clip = clips.scene(4, SIZE)
    assert not REPAIR.is_on(())
    assert torch.equal(retouched(clip, ())[0], clip)
    assert torch.equal(retouched(clip, shapes(20, 22))[0], clip)


def test_a_brush_is_round_on_the_screen() -> None:
    dot = (Retouch(start=0, end=1, points=((0.5, 0.5),), radius=0.1),)
    mask = drawn(dot, (200, 100), Fraction(1, 2)) >= 1
    rows, columns = (int(mask.any(side).sum()) for side in (1, 0))
    assert (rows, columns) == (20, 40)


def test_a_polygon_covers_its_inside_and_fades_over_two_pixels() -> None:
    share = drawn((Retouch(start=0, end=1, points=((0.25, 0.25), (0.75, 0.25), (0.75, 0.75), (0.25, 0.75))),),
                  (80, 40), SQUARE)
    assert (share[11:29, 21:59] == 1).all()
    assert 0 < share[20, 61] < 1
    assert share[20, 63] == 0
