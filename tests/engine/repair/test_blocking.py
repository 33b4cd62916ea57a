"""What compression left goes, nothing else does, and only where the grid of blocks proves it."""

from collections.abc import Callable
from fractions import Fraction

import pytest
import torch
from torch import Tensor

from restoration.engine.ageing import Aged
from restoration.engine.ageing.compression import h264, jpeg, mpeg2
from restoration.engine.defects import severity
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.media.color import to_rgb
from restoration.engine.networks.brought.running import Tiled
from restoration.engine.repair.blocking import REPAIR, mend
from restoration.engine.repair.blocking.evidence import grid_of, tally
from restoration.engine.repair.blocking.mend import REACH, smooth
from restoration.engine.repair.blocking.quantiser import error_of, quantiser_of
from restoration.engine.settings import BlockingSettings
from restoration.engine.specimen import Specimen
from restoration.engine.stage import ShotContext
from tests import clips
from tests.concert import EFFECTS
from tests.engine.threads import on_one_thread_and_two

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SIZE = (176, 120)


def frames_of(clip: Tensor) -> list[Frame]:
    return [Frame(planes.contiguous(), number, COLOR) for number, planes in enumerate(clip)]


def smoothed(clip: Tensor, masks: dict[int, Tensor] | None = None, **settings: float | str) -> Tensor:
    def note(number: int, mask: Tensor | None) -> None:
        if masks is not None and mask is not None:
            masks[number] = mask

    context = ShotContext(Fraction(25), Fraction(1), note=note)
    stage = smooth(BlockingSettings.model_validate({"enabled": True, **settings}), context)
    return torch.stack([frame.planes for frame in stage(iter(frames_of(clip)))])


def found(clip: Tensor, defect: str = "blocking") -> float:
    assert REPAIR.measure is not None
    return REPAIR.measure(Specimen(tuple(frames_of(clip[:5])), min(2, len(clip) - 1)))[defect].value


def decibels(one: Tensor, other: Tensor) -> float:
    return float(-10 * torch.log10((one - other).square().mean() + 1e-12))


def coarse_jpeg(clip: Tensor) -> Aged:
    return jpeg(clip, 1, quality=12)


def cropped_jpeg(clip: Tensor) -> Aged:
    return jpeg(clip, 4, quality=12, displaced=True)


def coarse_mpeg2(clip: Tensor) -> Aged:
    return mpeg2(clip, 1, bits_per_pixel=0.2)


@pytest.mark.parametrize("method", ["filters", "network"])
@pytest.mark.parametrize(("coded", "gain"), [(coarse_jpeg, 0.5), (cropped_jpeg, 0.4), (coarse_mpeg2, 0.1)])
def test_a_coded_clip_comes_nearer_to_what_it_was(coded: Callable[[Tensor], Aged], gain: float, method: str) -> None:
    aged = coded(clips.scene(4, SIZE))
    assert decibels(smoothed(aged.clip, method=method), aged.truth) > decibels(aged.clip, aged.truth) + gain


class House:
    """A network of another house, which changes what it is shown; it sees R'G'B'."""

    scale, input_channels = 1, 3

    def __init__(self, change: Callable[[Tensor], Tensor]) -> None:
        self.change = change

    def __call__(self, picture: Tensor) -> Tensor:
        return self.change(picture)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Callable[[Callable[[Tensor], Tensor]], None]:
    """Brings a network that cleans."""
    return lambda change: monkeypatch.setattr(mend, "cleaning", lambda sha256: Tiled(House(change)))


Bring = Callable[[Callable[[Tensor], Tensor]], None]


def test_a_network_of_others_that_knows_better_brings_a_clip_nearer_to_what_it_was(house: Bring) -> None:
    aged = coarse_jpeg(clips.scene(2, SIZE))
    truth = iter(aged.truth)
    house(lambda picture: to_rgb(next(truth), COLOR.matrix)[None])
    made = smoothed(aged.clip, weights="ab" * 32)
    by_filters = smoothed(aged.clip)
    assert decibels(made[:, 0], aged.truth[:, 0]) > decibels(by_filters[:, 0], aged.truth[:, 0]) + 5
    assert decibels(made[:, 1:], by_filters[:, 1:]) > 40  # Colours go along the motion that luma tells.


@pytest.mark.parametrize("coded", [coarse_jpeg, coarse_mpeg2])
@pytest.mark.parametrize("change", [
    lambda picture: 1 - picture, lambda picture: torch.zeros_like(picture), lambda picture: picture.roll(9, 3),
], ids=["negative", "black", "moved"])
def test_whatever_a_network_of_others_draws_stays_within_what_the_coder_can_have_done(
        change: Callable[[Tensor], Tensor], coded: Callable[[Tensor], Aged], house: Bring) -> None:
    aged = coded(clips.scene(3, SIZE))
    house(change)
    made = smoothed(aged.clip, weights="ab" * 32)
    moved, by_the_coder = (made - aged.clip)[:, 0], (aged.clip - aged.truth)[:, 0]
    assert float(moved.square().mean()) < 1.3 * float(by_the_coder.square().mean())
    assert float(moved.mean().abs()) < 0.1 / 255
    clean = clips.scene(3, SIZE)
    assert torch.equal(smoothed(clean, weights="ab" * 32), clean)


def test_a_clip_without_blocks_comes_out_identical() -> None:
    for clip in (clips.scene(3, SIZE), clips.noisy(clips.scene(3, SIZE), 0.03, 0.02), clips.even(2, SIZE, 0.4)):
        masks: dict[int, Tensor] = {}
        assert torch.equal(smoothed(clip, masks, strength=1), clip)
        assert not masks


@pytest.mark.parametrize("name", EFFECTS)
def test_what_belongs_to_the_concert_is_left_alone(name: str) -> None:
    for size in ((360, 240), SIZE):
        clip = EFFECTS[name](6, size)
        masks: dict[int, Tensor] = {}
        smoothed(clip, masks)
        assert sum(float(mask.float().mean()) for mask in masks.values()) / len(clip) < 0.005
        assert severity("blocking", found(clip)) < 0.2


def test_only_what_is_written_down_is_changed() -> None:
    clip = coarse_jpeg(clips.scene(2, SIZE)).clip
    masks: dict[int, Tensor] = {}
    made = smoothed(clip, masks)
    for number, planes in enumerate(made):
        is_changed = (planes != clip[number]).any(0)
        assert is_changed.any()
        assert not bool((is_changed & ~masks[number]).any())


def test_no_coefficient_leaves_what_its_quantiser_allows() -> None:
    clip = coarse_jpeg(clips.scene(1, (256, 192))).clip
    quantiser = quantiser_of(clip[0, 0], (0, 0))
    assert quantiser is not None
    moved = (smoothed(clip) - clip)[0, 0]
    assert float(moved.abs().max()) < float(quantiser.max()) / 2


def test_the_steps_of_a_quantiser_are_read_from_the_picture() -> None:
    coarse = quantiser_of(jpeg(clips.scene(1, (512, 384)), 1, quality=25).clip[0, 0], (0, 0))
    assert coarse is not None
    assert [round(float(255 * coarse[place])) for place in (1, 2, 8)] == [22, 20, 24]
    assert quantiser_of(clips.scene(1, (512, 384))[0, 0], (0, 0)) is None
    assert quantiser_of(coarse_mpeg2(clips.scene(5, (512, 384))).clip[3, 0], (0, 0)) is None


@pytest.mark.parametrize("quality", [10, 25, 50])
def test_what_the_steps_did_is_reckoned_from_what_they_left(quality: int) -> None:
    clip = clips.noisy(clips.scene(1, (512, 384)), 0.02)
    coded = jpeg(clip, 1, quality=quality).clip[0, 0]
    steps = quantiser_of(coded, (0, 0))
    assert steps is not None
    done = float((coded - clip[0, 0]).square().mean().sqrt())
    assert error_of(coded, (0, 0), steps) == pytest.approx(done, rel=0.35)


def test_the_grid_is_found_wherever_it_begins() -> None:
    for crop in (0, 3, 6):
        coded = coarse_jpeg(clips.scene(1, SIZE)).clip[0, 0, :, crop:]
        grid = grid_of(coded)
        assert grid.is_certain
        assert grid.across == -crop % 8


def test_coarser_coding_is_found_worse_and_more_strength_moves_more() -> None:
    clip = clips.scene(5, SIZE)
    coarse, fine = jpeg(clip, 1, quality=8).clip, jpeg(clip, 1, quality=50).clip
    assert found(coarse) > found(fine) > found(clip) == 0
    assert found(coarse, "ringing") > 0 == found(clip, "ringing")
    little, much = smoothed(coarse, strength=0.2), smoothed(coarse, strength=0.8)
    assert float((much - coarse).abs().mean()) > float((little - coarse).abs().mean()) > 0


def test_blocks_of_fields_are_found_in_fields_and_mended_in_what_becomes_of_them() -> None:
    fields = coarse_jpeg(clips.scene(5, SIZE, speed=(0, 0))).clip
    bobbed = fields.repeat_interleave(2, -2)
    assert grid_of(bobbed[0, 0]).is_certain
    assert not torch.equal(smoothed(bobbed), bobbed)


def test_a_part_with_its_reach_equals_the_whole() -> None:
    clip = coarse_mpeg2(clips.scene(20, (96, 80))).clip
    assert REPAIR.reach(BlockingSettings(enabled=True)) == REACH
    entire = smoothed(clip)
    part = smoothed(clip[9 - REACH:11 + REACH])
    assert torch.equal(part[REACH:-REACH], entire[9:11])
    assert not torch.equal(entire[9:11], clip[9:11])


def test_frames_beside_tell_more_than_one_alone() -> None:
    aged = coarse_jpeg(clips.scene(5, SIZE))
    alone = torch.cat([smoothed(planes[None]) for planes in aged.clip])
    assert decibels(smoothed(aged.clip), aged.truth) > decibels(alone, aged.truth) + 0.2


def test_a_frame_whose_blocks_hide_is_mended_as_those_around_it_are() -> None:
    clip = coarse_jpeg(clips.scene(5, SIZE)).clip
    clip[2] = clips.scene(5, SIZE)[2]
    assert not grid_of(clip[2, 0]).is_certain
    assert not torch.equal(smoothed(clip)[2], clip[2])
    assert torch.equal(smoothed(clip[2:3]), clip[2:3])


def test_what_a_loop_filter_left_of_the_blocks_is_enough() -> None:
    aged = h264(clips.scene(4, SIZE), 1, quantiser=44)
    assert grid_of(*aged.clip[:, 0]).is_certain
    assert decibels(smoothed(aged.clip), aged.truth) > decibels(aged.clip, aged.truth) + 0.05


def test_what_good_coding_leaves_is_not_worth_a_word() -> None:
    clip = h264(clips.scene(5, SIZE), 1, quantiser=24).clip
    assert severity("blocking", found(clip)) < 0.2
    assert severity("ringing", found(clip, "ringing")) < 0.2


def test_no_column_is_favoured_where_there_are_no_blocks() -> None:
    votes = sum(tally(planes[0])[:, 0] for planes in clips.scene(6, (352, 240), speed=(1.3, 0.7)))
    assert float(votes.max() / votes.min()) < 1.5


def test_one_thread_and_two_give_the_same_bits() -> None:
    clip = coarse_jpeg(clips.scene(2, (352, 240))).clip
    for coded in (clip, 0.75 * clip + 0.25 * clip.roll(1, -2)):
        one, two = on_one_thread_and_two(lambda coded=coded: smoothed(coded))
        assert torch.equal(one, two) and not torch.equal(one, coded)
