"""What the tape lost for an instant comes back; lasers, lamps and captions stay."""

from fractions import Fraction
from math import cos, sin

import pytest
import torch
from torch import Tensor

from restoration.engine import metrics
from restoration.engine.ageing import tape
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.repair.dropouts import REACH, measure, mend_dropouts
from restoration.engine.settings import DropoutsSettings
from restoration.engine.specimen import Specimen
from restoration.engine.stage import ShotContext
from tests import clips, concert

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SIZE = (180, 120)


def framed(clip: Tensor, first: int = 0) -> list[Frame]:
    return [Frame(planes, first + index, COLOR, "bff") for index, planes in enumerate(clip)]


def mended(clip: Tensor, first: int = 0, flags: dict[int, float] | None = None,
           sensitivity: float = 0.5) -> tuple[Tensor, dict[int, Tensor]]:
    notes: dict[int, Tensor] = {}
    flagged = {} if flags is None else flags
    context = ShotContext(Fraction(30000, 1001), Fraction(10, 11), order="bff",
                          note=lambda number, mask: notes.update({number: mask}),  # type: ignore[dict-item]
                          flag=lambda number, share: flagged.update({number: share}))
    made = list(mend_dropouts(DropoutsSettings(enabled=True, sensitivity=sensitivity), context)(
        iter(framed(clip, first))))
    assert [frame.number for frame in made] == list(range(first, first + len(clip))) == list(notes)
    return torch.stack([frame.planes for frame in made]), notes


def moving(frames: int = 12, seed: int = 2) -> Tensor:
    return clips.scene(frames, SIZE, seed, speed=(0.8, 0.3))


def swinging_rope() -> Tensor:
    """Dark and thin over light ground, and elsewhere at every moment."""
    clip = clips.even(10, SIZE, 0.8)
    y, x = torch.meshgrid(torch.arange(SIZE[1]).float(), torch.arange(SIZE[0]).float(), indexing="ij")
    for number, planes in enumerate(clip):
        middle = 60 + 40 * sin(1.9 * number) + 0.06 * cos(1.3 * number) * (x - 90)
        planes[0] -= 0.6 * (1.5 - (y - middle).abs()).clamp(0, 1)
    return clip


def error(clip: Tensor, truth: Tensor, mask: Tensor) -> float:
    return float((clip - truth).square().mean(1)[mask].mean().sqrt())


def test_what_was_lost_comes_back_along_the_motion() -> None:
    aged = tape.dropouts(moving(), 3, per_field=0.5)
    assert aged.masks is not None
    mask = aged.masks
    made, notes = mended(aged.clip)
    found = torch.stack(list(notes.values()))
    assert error(made, aged.truth, mask) < 0.2 * error(aged.clip, aged.truth, mask)
    assert float((found & mask).sum()) > 0.8 * float(mask.sum())
    assert metrics.psnr(made.where(~mask[:, None], aged.clip), aged.clip) > 48
    assert torch.equal(made.where(~found[:, None], aged.clip), aged.clip)


@pytest.mark.parametrize("at", [0, -1])
def test_the_first_and_the_last_frame_are_mended_from_their_one_side(at: int) -> None:
    truth = clips.interlace(moving(), "bff")
    clip = truth.clone()
    clip[at, 0, 40, 30:120] = 1.0
    made = mended(clip)[0]
    lost = (clip != truth).any(1)
    assert error(made, truth, lost) < 0.1 * error(clip, truth, lost)


def test_a_single_frame_is_left_as_it_is() -> None:
    clip = clips.interlace(clips.even(2, SIZE, 0.4), "bff")
    clip[0, 0, 50, 40:94] = 1.0
    assert torch.equal(mended(clip)[0], clip)


def test_a_clean_clip_is_left_as_it_is() -> None:
    for clip in (clips.interlace(moving(16), "bff"), clips.noisy(clips.interlace(moving(), "bff"), 0.02)):
        assert torch.equal(mended(clip)[0], clip)


@pytest.mark.parametrize("effect", concert.EFFECTS)
def test_the_stage_is_left_alone(effect: str) -> None:
    clip = clips.interlace(concert.EFFECTS[effect](16), "bff")
    notes = mended(clip)[1]
    assert max(float(mask.float().mean()) for mask in notes.values()) < 0.005


def test_a_caption_that_comes_and_goes_and_a_row_of_lamps_are_picture() -> None:
    clip = clips.interlace(moving(16), "bff")
    clip[3:6, 0, 90:93, 30:150] = 1.0
    clip[4, 0, 40:42, 20:160:4] = 1.0
    assert torch.equal(mended(clip)[0], clip)


def test_where_too_much_seems_lost_a_person_is_asked() -> None:
    clip = clips.interlace(clips.even(10, SIZE, 0.4), "bff")
    clip[2, 0, 10:110:12, 10:170] = 1.0
    flags: dict[int, float] = {}
    assert torch.equal(mended(clip, flags=flags)[0], clip)
    assert list(flags) == [2] and flags[2] > 0.03


def test_a_part_with_frames_to_spare_equals_the_whole() -> None:
    clip = tape.dropouts(moving(16), 5, per_field=0.5).clip
    entire, part = mended(clip)[0], mended(clip[1:6], first=1)[0]
    assert torch.equal(part[REACH:-REACH], entire[2:5])


def test_it_is_measured_in_thousandths_of_fields_alone() -> None:
    clip = clips.interlace(clips.even(10, SIZE, 0.4), "bff")
    for number in (1, 2, 3):
        clip[number, 0, 30 * number, 40:94] = 1.0

    def found(order: str | None) -> dict[str, float]:
        shown = Specimen(tuple(framed(clip)), 2, order=order)  # type: ignore[arg-type]
        return {name: finding.value for name, finding in measure(shown).items()}

    assert found("bff")["dropouts"] == pytest.approx(1000 * 54 / (180 * 120), rel=0.3)
    assert found(None) == {}


def test_a_rope_that_swings_is_nothing_that_a_tape_lost() -> None:
    clip = clips.interlace(swinging_rope(), "bff")
    shown = Specimen(tuple(framed(clip)), 2, order="bff")
    assert float(torch.stack(list(mended(clip)[1].values())).float().mean()) > 0
    assert measure(shown)["dropouts"].value == 0


def test_no_frame_makes_no_frame() -> None:
    context = ShotContext(Fraction(25), Fraction(1))
    assert list(mend_dropouts(DropoutsSettings(enabled=True), context)(iter([]))) == []
