"""A tape's narrow band is known by what is missing; detail comes back; what was never on tape stays bit for bit."""

from collections.abc import Callable
from fractions import Fraction

import pytest
import torch
from torch import Tensor

from restoration.engine import metrics
from restoration.engine.ageing.composite import field_of, interlace, low_pass
from restoration.engine.defects import severity
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.repair.softness import (
    REPAIR,
    TRACE_REACH,
    BandTracer,
    measure,
    mend,
    narrowness,
    narrowness_around,
)
from restoration.engine.settings import SoftnessSettings
from restoration.engine.specimen import Specimen, rows_of
from restoration.engine.stage import ShotContext, Trace
from tests import clips, concert

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SIZE = (352, 240)


@pytest.fixture(scope="module")
def scene() -> Tensor:
    return clips.scene(2, SIZE)


@pytest.fixture(scope="module")
def taped(scene: Tensor) -> Tensor:
    """As the fields of a tape make whole moments where nothing moves: scanned softly, recorded in a narrow band."""
    scanned = [interlace(field_of(moment, 0), field_of(moment, 1), "tff") for moment in scene]
    return torch.stack([low_pass(planes, 3.5e6) for planes in scanned])


def mended(clip: Tensor, **settings: float | bool) -> tuple[Tensor, set[int]]:
    noted: set[int] = set()
    context = ShotContext(Fraction(60000, 1001), Fraction(10, 11), note=lambda number, mask: noted.add(number),
                          trace=traced(clip))
    chosen = SoftnessSettings.model_validate({"enabled": True, **settings})
    frames = (Frame(planes, number, COLOR) for number, planes in enumerate(clip))
    return torch.stack([frame.planes for frame in mend(chosen, context)(frames)]), noted


def traced(clip: Tensor) -> Trace:
    return Trace(0, rows_of([(planes, None) for planes in clip], BandTracer()))


def test_what_the_tape_softened_comes_nearer_to_the_truth(scene: Tensor, taped: Tensor) -> None:
    made, noted = mended(taped)
    assert metrics.psnr(made[:, 0], scene[:, 0]) > metrics.psnr(taped[:, 0], scene[:, 0]) + 0.5
    assert noted == {0, 1}


def test_strength_goes_from_nothing_to_all_of_it(taped: Tensor) -> None:
    whole, _ = mended(taped)
    half, _ = mended(taped, strength=0.5)
    assert torch.allclose(half, (whole + taped) / 2, atol=1e-5)
    assert torch.equal(mended(taped, strength=0.0)[0], taped)
    assert torch.equal(mended(taped, enabled=False)[0], taped)


def test_each_moment_is_mended_by_itself(taped: Tensor) -> None:
    assert torch.equal(mended(taped[1:])[0], mended(taped)[0][1:])


def test_the_colour_of_a_lamp_stays_even_one_that_no_photograph_has(taped: Tensor) -> None:
    for lamp in ((0.3, 0.25), (-0.35, 0.1), (0.1, -0.4)):
        lit = taped[:1] * torch.tensor([0.5, 1, 1])[:, None, None] + torch.tensor([0.0, *lamp])[:, None, None]
        made, noted = mended(lit)
        assert noted
        assert (made - lit).mean((0, 2, 3)).abs().max() < 0.2 / 255
        wide = torch.nn.functional.avg_pool2d(made - lit, 40).abs()
        assert wide.max() < 1 / 255


def test_two_threads_make_the_same_bits_as_one(taped: Tensor) -> None:
    alone, _ = mended(taped[:1])
    torch.set_num_threads(2)
    assert torch.equal(mended(taped[:1])[0], alone)


@pytest.mark.parametrize("effect", [concert.strobes, concert.lasers, concert.confetti, concert.sequins,
                                    concert.led_walls])
def test_what_was_never_on_tape_stays_bit_for_bit(effect: Callable[..., Tensor]) -> None:
    clip = effect(2, SIZE)
    made, noted = mended(clip)
    assert torch.equal(made, clip)
    assert not noted


def test_a_camera_torn_round_is_no_tape_and_a_tape_of_it_is() -> None:
    pan = concert.whip_pans(10, SIZE, 5)
    smeared = {number for number, planes in enumerate(pan) if narrowness(planes[0]) > 0}
    assert smeared and not mended(pan)[1]
    assert mended(low_pass(pan, 3.5e6))[1] >= smeared


def test_a_little_noise_hides_no_sharp_moment_around_a_pan() -> None:
    noisy = traced(clips.noisy(concert.whip_pans(10, SIZE, 5), 0.003))
    assert all(narrowness_around(noisy, number, 0.003, SIZE[0]) == 0 for number in range(10))


def test_white_noise_upon_a_tape_is_not_taken_for_detail(taped: Tensor) -> None:
    noisy = traced(clips.noisy(taped, 0.02))
    assert narrowness_around(noisy, 0, 0.022, SIZE[0]) == 1
    assert narrowness_around(noisy, 0, 0.0, SIZE[0]) == 0


def test_lines_torn_by_dropouts_leave_a_tape_what_it_is(taped: Tensor) -> None:
    torn = taped[:1].repeat(9, 1, 1, 1)
    torn[:, 0, 40:50, 100:180] = 1.0
    torn[4, 0, ::2, 60:90] = 0.0
    trace = traced(torn)
    assert all(narrowness_around(trace, number, 0.0, SIZE[0]) == 1 for number in range(9))


def test_no_moment_is_asked_that_lies_beyond_the_reach() -> None:
    rows = torch.rand((150, 2), generator=torch.Generator().manual_seed(3)) * torch.tensor([0.001, 1])
    whole, part = Trace(0, rows), Trace(40, rows[40:])
    asked = range(40 + TRACE_REACH, 90)
    shares = [narrowness_around(whole, number, 0.01, SIZE[0]) for number in asked]
    assert shares == [narrowness_around(part, number, 0.01, SIZE[0]) for number in asked]
    assert len(set(shares)) > 1


def test_black_and_plain_colour_are_no_tape() -> None:
    assert narrowness(torch.zeros(240, 352)) == 0
    assert narrowness(clips.even(1, SIZE, luma=0.5)[0, 0]) == 0


def test_a_wider_band_is_less_surely_a_tape(scene: Tensor) -> None:
    luma = scene[0, 0]
    sure = [narrowness(low_pass(luma, band)) for band in (3e6, 4.2e6, 5e6, 6.7e6)]
    assert sure[:3] == [1, 1, 1]
    assert sure[3] == 0


def test_it_is_found_on_fields_of_a_tape_and_recommended(scene: Tensor) -> None:
    def found(clip: Tensor) -> dict[str, float]:
        frames = tuple(Frame(planes, number, COLOR, "tff") for number, planes in enumerate(clip))
        return {name: finding.value for name, finding in measure(Specimen(frames, 0, order="tff")).items()}

    narrow = found(torch.stack([low_pass(planes, 4.2e6) for planes in scene]))
    assert severity("narrow band", narrow["narrow band"]) >= REPAIR.advice[0].least
    assert severity("narrow band", found(scene)["narrow band"]) < REPAIR.advice[0].least
