"""The sharpest moment wins where all show the same, and nobody else has a say."""

import torch
from torch import Tensor
from torch.nn.functional import interpolate

from restoration.engine.compute.facefinding import Face
from restoration.engine.enhancement.faces.fusing import fine, fused, steadied
from restoration.engine.enhancement.faces.judging import colour, drift, is_as_steady, marks_hold
from restoration.engine.metrics import psnr
from tests import clips
from tests.portraits import moving, out_of_focus, portrait, smoothed

FACE = (slice(30, 110), slice(60, 116))


def gained(soft: Tensor, clean: Tensor, middle: int = 3) -> float:
    """How much nearer to the truth a moment came, dB."""
    made = soft[middle, 0] + fused(list(soft[:, 0]), middle).detail
    return psnr(made[FACE], clean[middle, 0][FACE]) - psnr(soft[middle, 0][FACE], clean[middle, 0][FACE])


def test_a_soft_moment_gets_the_detail_of_its_sharp_neighbours() -> None:
    clean = moving(7)
    assert gained(out_of_focus(clean), clean) > 2


def test_a_sharp_moment_keeps_its_own() -> None:
    clean = moving(5)
    soft = out_of_focus(clean)
    assert psnr(soft[2, 0] + fused(list(soft[:, 0]), 2).detail, clean[2, 0]) > 45


def test_moments_alike_are_averaged_from_noise() -> None:
    clean = moving(7)
    noisy = clips.noisy(clean, 0.02)
    made = noisy[3, 0] + fused(list(noisy[:, 0]), 3, sigma=0.02).detail
    assert psnr(made[FACE], clean[3, 0][FACE]) > psnr(noisy[3, 0][FACE], clean[3, 0][FACE]) + 2


def test_a_hand_before_the_face_in_other_moments_is_not_taken_in() -> None:
    clean = moving(7)
    soft = out_of_focus(clean)
    for number in (0, 1, 2, 4, 5, 6):
        soft[number, 0, 55:80] = 0.2 + 0.3 * (torch.arange(180) % 4 < 2)
    made = soft[3, 0] + fused(list(soft[:, 0]), 3).detail
    hand = (slice(57, 78), slice(60, 116))
    assert psnr(made[hand], soft[3, 0][hand]) > 38


def test_a_turn_of_light_is_not_taken_in() -> None:
    soft = out_of_focus(moving(7))
    soft[[0, 1, 2, 4, 5, 6], 0] *= 1.5
    assert fused(list(soft[:, 0]), 3).detail.abs().max() < 0.01


def test_what_is_drawn_steadily_is_kept_along_the_motion_and_what_flickers_is_not() -> None:
    clean = moving(7)
    drawn = 0.1 * (clean[:, 0] - clean[:, 0].mean((1, 2), keepdim=True))
    flicker = 0.05 * torch.randn(drawn.shape, generator=torch.Generator().manual_seed(1))
    ways = fused(list(clean[:, 0]), 3).ways
    steady = steadied(list(drawn), 3, ways)
    assert psnr(steady[FACE], drawn[3][FACE]) > 50
    left = steadied(list(drawn + flicker), 3, ways) - steady
    assert float(left[FACE].std()) < 0.6 * float(flicker[3][FACE].std())


def test_nothing_leaves_what_the_moments_span() -> None:
    soft = out_of_focus(moving(7))[:, 0]
    made = soft[3] + fused(list(soft), 3).detail
    assert made.max() <= soft.max() + 1e-6 and made.min() >= soft.min() - 1e-6


def test_detail_holds_nothing_coarse() -> None:
    assert fine(torch.linspace(0, 1, 96).expand(64, 96))[16:-16, 16:-16].abs().max() < 1e-5


def test_marks_that_moved_are_told() -> None:
    one, other = (portrait((middle, 62), pores=0.02)[0] for middle in (90.0, 92.5))
    eyes = [(79.0, 59.0), (101.0, 59.0)]
    assert drift(one, one, eyes) < 1e-4
    assert drift(one, other, eyes) > 1.5 > drift(one, smoothed(one[None])[0], eyes)


def test_marks_that_are_found_elsewhere_afterwards_are_told() -> None:
    def found(x: float, moved: float = 0.0) -> Face:
        return Face(x, 60, 20, 28, tuple((x + moved + place, 55.0) for place in (-9, 0, 9)))

    here, elsewhere = found(60), found(160)
    assert marks_hold(here, [here, elsewhere], [found(60, 1.4), found(160, 9.0)])
    assert not marks_hold(here, [here], [found(60, 1.6)])
    assert marks_hold(here, [here], [])
    assert marks_hold(here, [], [found(60, 9.0)])


def test_a_face_that_became_lighter_is_told() -> None:
    luma = portrait()[0]
    mask = torch.ones_like(luma)
    assert colour(luma, luma + fine(luma), mask) < 1.5 < colour(luma, luma * 1.05, mask)


def test_a_face_that_flickers_is_told() -> None:
    was, made = torch.rand(2, 40, 40, generator=torch.Generator().manual_seed(1)) * 0.01, torch.zeros(2, 40, 40)
    still, mask = torch.zeros(2, 40, 40), torch.ones(40, 40)
    assert is_as_steady((was[0], made[0]), (was[1], made[1]), still, mask)
    assert not is_as_steady((made[0], was[0]), (made[1], was[1]), still, mask)


def test_one_thread_and_two_give_the_same_bits() -> None:
    wide = interpolate(out_of_focus(moving(3)), scale_factor=2, mode="bilinear")[:, 0]
    made = []
    for threads in (1, 2):
        torch.set_num_threads(threads)
        one = fused(list(wide), 1)
        after = wide[1] + one.detail
        made.append((after, drift(wide[1], after, [(180, 130)]), colour(wide[1], after, torch.ones_like(after))))
    assert torch.equal(made[0][0], made[1][0])
    assert made[0][1:] == made[1][1:]
