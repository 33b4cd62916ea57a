"""What a decoder mistook goes; light, moving lines and clean pictures stay bit for bit what they were."""

from fractions import Fraction

import pytest
import torch
from torch import Tensor

from restoration.engine import metrics
from restoration.engine.ageing import Aged
from restoration.engine.ageing.tape import composite_crosstalk
from restoration.engine.compute.lines import shifted
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.repair.crosscolor import REACH, measure, remove_crosstalk
from restoration.engine.settings import CrosscolorSettings
from restoration.engine.specimen import Specimen
from restoration.engine.stage import ShotContext
from tests import clips, concert

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SIZE = (180, 120)


def framed(clip: Tensor, first: int = 0, order: str | None = "bff") -> list[Frame]:
    return [Frame(planes, first + index, COLOR, order) for index, planes in enumerate(clip)]


def mended(clip: Tensor, first: int = 0, order: str | None = "bff", sigma: float = 0.0,
           strength: float = 1.0) -> tuple[Tensor, dict[int, Tensor | None]]:
    notes: dict[int, Tensor | None] = {}
    context = ShotContext(Fraction(30000, 1001), Fraction(10, 11), order=order,  # type: ignore[arg-type]
                          noise_sigma=(sigma, sigma), note=lambda number, mask: notes.update({number: mask}))
    stage = remove_crosstalk(CrosscolorSettings(enabled=True, strength=strength), context)
    made = list(stage(iter(framed(clip, first, order))))
    assert [frame.number for frame in made] == list(range(first, first + len(clip))) == list(notes)
    return torch.stack([frame.planes for frame in made]), notes


def woven_cloth(moments: int, speed: float = 0.0) -> Tensor:
    """Patches of strong colour on fine stripes, as decoders dread them, moving across by `speed` a moment."""
    y, x = torch.meshgrid(torch.arange(SIZE[1]).float(), torch.arange(SIZE[0]).float(), indexing="ij")
    made = []
    for number in range(moments):
        place = x - speed * number
        patch = ((place / 22).floor() + (y / 24).floor()) % 3
        stripes = 0.5 + 0.12 * torch.cos(2 * torch.pi * (0.24 * place + 0.1 * y)) * (patch == 0)
        made.append(torch.stack([stripes, 0.25 * (patch == 1).float() - 0.1, 0.25 * (patch == 2).float() - 0.1]))
    return torch.stack(made)


def aged(speed: float = 0.0, seed: int = 0, moments: int = 16) -> Aged:
    return composite_crosstalk(woven_cloth(moments, speed), seed)


def found(clip: Tensor, order: str | None = "bff") -> dict[str, float]:
    specimen = Specimen(tuple(framed(clip[:5], order=order)), 2, order=order)  # type: ignore[arg-type]
    return {name: finding.value for name, finding in measure(specimen).items()}


def test_what_stands_still_comes_out_as_if_colour_had_its_own_wire() -> None:
    damaged = aged()
    made, _ = mended(damaged.clip)
    assert metrics.psnr(damaged.clip, damaged.truth) < 35
    assert metrics.psnr(made, damaged.truth) > metrics.psnr(damaged.clip, damaged.truth) + 15


def test_what_moves_slowly_comes_nearer_to_the_truth() -> None:
    damaged = aged(speed=0.2)
    made, _ = mended(damaged.clip)
    assert metrics.psnr(made, damaged.truth) > metrics.psnr(damaged.clip, damaged.truth) + 2


def test_noise_of_the_tape_does_not_hide_the_carrier() -> None:
    damaged = aged()
    noise = clips.noisy(torch.zeros_like(damaged.clip), 0.01, 0.01)
    made, _ = mended(damaged.clip + noise, sigma=0.01)
    assert metrics.psnr(made, damaged.truth) > metrics.psnr(damaged.clip + noise, damaged.truth) + 2


def test_a_field_that_starts_late_shows_the_carrier_as_well() -> None:
    """As a trembling time base leaves it: half a pixel is most of a radian of the carrier."""
    late = aged().clip.clone()
    late[:, :, 1::2] = shifted(late[:, :, 1::2], 0.45)
    assert found(late)["cross-colour"] > 2


def test_weak_crosstalk_is_seen_through_strong_noise() -> None:
    damaged = aged(speed=0.2)
    noise = clips.noisy(torch.zeros_like(damaged.clip), 0.015, 0.015)
    clip = damaged.truth + 0.2 * (damaged.clip - damaged.truth) + noise
    made, _ = mended(clip, sigma=0.015)
    assert metrics.psnr(made, damaged.truth) > metrics.psnr(clip, damaged.truth)


def test_the_mask_is_what_was_changed_and_nothing_else_is() -> None:
    cloth = woven_cloth(16)
    cloth[..., 90:] = torch.tensor([0.4, 0.0, 0.0])[:, None, None]
    clip = composite_crosstalk(cloth, 0).clip
    made, notes = mended(clip)
    for index in range(len(clip)):
        mask = notes[index]
        assert mask is not None and 0 < float(mask.float().mean()) < 0.9
        assert torch.equal(made[index][:, ~mask], clip[index][:, ~mask])


@pytest.mark.parametrize("order", ["bff", None])
def test_a_clean_clip_is_left_as_it_is(order: str | None) -> None:
    for clip in (aged(speed=0.7).truth, clips.interlace(clips.scene(16, SIZE), "bff"),
                 clips.noisy(clips.scene(8, SIZE, speed=(0, 0)), 0.02, 0.02)):
        assert torch.equal(mended(clip, order=order, sigma=0.02)[0], clip)


@pytest.mark.parametrize("effect", concert.EFFECTS)
def test_the_stage_is_left_as_it_is(effect: str) -> None:
    clip = clips.interlace(concert.EFFECTS[effect](16), "bff")
    assert torch.equal(mended(clip)[0], clip)
    assert max(found(clip).values()) == 0


def test_a_part_with_frames_to_spare_equals_the_whole() -> None:
    clip = aged(speed=0.1, moments=20).clip
    entire, part = mended(clip)[0], mended(clip[2:9], first=2)[0]
    assert torch.equal(part[REACH:-REACH], entire[4:7])


def test_less_strength_leaves_more_and_too_few_frames_leave_all() -> None:
    clip = aged().clip
    whole, half = mended(clip)[0], mended(clip, strength=0.5)[0]
    assert torch.allclose(half, (clip + whole) / 2, atol=1e-5)
    assert torch.equal(mended(clip[:2])[0], clip[:2])


def test_it_is_found_where_it_is_and_only_in_fields() -> None:
    damaged = aged()
    there, clean = found(damaged.clip), found(damaged.truth)
    assert there["dot crawl"] > 5 and there["cross-colour"] > 3
    assert clean == {"dot crawl": 0, "cross-colour": 0}
    assert found(damaged.clip, order=None) == {}


def test_frames_that_do_not_follow_each_other_say_nothing() -> None:
    frames = framed(aged().clip)
    assert measure(Specimen(tuple(frames[index] for index in (0, 1, 2, 4, 5)), 2, order="bff")) == {}


def test_no_frame_makes_no_frame() -> None:
    stage = remove_crosstalk(CrosscolorSettings(enabled=True), ShotContext(Fraction(25), Fraction(1)))
    assert list(stage(iter([]))) == []
