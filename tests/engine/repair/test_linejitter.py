"""Lines that tremble stand straight again; what is straight, or only looks uneven, is not touched."""

from collections.abc import Callable
from fractions import Fraction
from math import sin

import pytest
import torch
from torch import Tensor
from torch.nn import functional

from restoration.engine import metrics
from restoration.engine.ageing import tape
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.repair.linejitter import REACH, measure, straighten
from restoration.engine.settings import LineJitterSettings
from restoration.engine.specimen import Specimen
from restoration.engine.stage import ShotContext
from tests import clips, concert

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SIZE = (180, 120)


def framed(clip: Tensor, first: int = 0) -> list[Frame]:
    return [Frame(planes, first + index, COLOR, "bff") for index, planes in enumerate(clip)]


def stage_set(moments: int = 8) -> Tensor:
    """Upright and slanted edges, as of doors, poles and people, of which the scene's discs are some."""
    y, x = torch.meshgrid(torch.arange(SIZE[1]).float(), torch.arange(SIZE[0]).float(), indexing="ij")
    clip = clips.scene(moments, SIZE, 3, speed=(0, 0), flat=1.0)
    for number, planes in enumerate(clip):
        for place, slant in ((20, 0.1), (47, -0.2), (75, 0.0), (98, 0.15), (121, -0.1), (150, 0.05)):
            planes[0] += 0.3 * torch.sigmoid(1.5 * (x - place - slant * y - 0.2 * number)) * (-1) ** place
    return clip


def shaken_leaves(moments: int = 8) -> Tensor:
    """Texture as fine as a line, under a camera that never rests."""
    canvas = torch.randn((1, 1, SIZE[1] + 120, SIZE[0] + 120), generator=torch.Generator().manual_seed(5))
    leaves = 0.5 + 0.35 * functional.avg_pool2d(canvas, 3, 1, 1)[0, 0]
    clip = torch.zeros(moments, 3, SIZE[1], SIZE[0])
    for number, planes in enumerate(clip):
        x, y = 50 + round(24 * sin(0.5 * number)), 50 + round(8 * sin(0.8 * number + 1))
        planes[0] = leaves[y:y + SIZE[1], x:x + SIZE[0]]
    return clip


def leaves_passed_by(moments: int = 8) -> Tensor:
    """The same from a car: what is on the right is nearer and passes faster."""
    canvas = torch.randn((1, 1, SIZE[1], 2 * SIZE[0]), generator=torch.Generator().manual_seed(5))
    leaves = 0.5 + 0.6 * functional.avg_pool2d(canvas, 5, 1, 2)[0]
    y, x = torch.meshgrid(torch.arange(SIZE[1]).float(), torch.arange(SIZE[0]).float(), indexing="ij")
    clip = torch.zeros(moments, 3, SIZE[1], SIZE[0])
    for number, planes in enumerate(clip):
        place = x + number * (0.5 + 3.5 * x / SIZE[0])
        planes[0] = functional.grid_sample(leaves[None], torch.stack((
            2 * place / (2 * SIZE[0] - 1) - 1, 2 * y / (SIZE[1] - 1) - 1), -1)[None], align_corners=True)[0, 0]
    return clip


def mended(clip: Tensor, first: int = 0, largest: float = 3.0) -> tuple[Tensor, list[Tensor]]:
    masks: dict[int, Tensor] = {}
    context = ShotContext(Fraction(30000, 1001), Fraction(10, 11), order="bff",
                          note=lambda number, mask: masks.update({number: mask}))  # type: ignore[dict-item]
    stage = straighten(LineJitterSettings(enabled=True, largest=largest), context)
    made = list(stage(iter(framed(clip, first))))
    assert [frame.number for frame in made] == list(range(first, first + len(clip))) == list(masks)
    return torch.stack([frame.planes for frame in made]), list(masks.values())


def found(clip: Tensor, order: str | None = "bff") -> dict[str, float]:
    shown = Specimen(tuple(framed(clip)), 1, order=order)  # type: ignore[arg-type]
    return {name: finding.value for name, finding in measure(shown).items()}


@pytest.mark.parametrize("pixels", [0.5, 1.0])
def test_lines_that_tremble_stand_straight_again(pixels: float) -> None:
    aged = tape.line_jitter(stage_set(), 2, pixels=pixels)
    made, _ = mended(aged.clip)
    assert metrics.psnr(made, aged.truth) > metrics.psnr(aged.clip, aged.truth) + 4
    assert found(aged.clip)["line jitter"] == pytest.approx(pixels, rel=0.35)


def test_a_camera_that_shakes_hides_no_lines_that_tremble() -> None:
    aged = tape.line_jitter(shaken_leaves(), 2, pixels=0.8)
    assert found(aged.clip)["line jitter"] == pytest.approx(0.8, rel=0.35)
    made, _ = mended(aged.clip)
    assert metrics.psnr(made[1:-1], aged.truth[1:-1]) > metrics.psnr(aged.clip[1:-1], aged.truth[1:-1]) + 2


def test_nor_does_a_camera_that_drives_by() -> None:
    assert found(tape.line_jitter(leaves_passed_by(), 2, pixels=0.8).clip)["line jitter"] == pytest.approx(0.8, rel=0.4)


@pytest.mark.parametrize("seen", [shaken_leaves, leaves_passed_by])
def test_texture_under_a_camera_that_moves_does_not_tremble(seen: Callable[[], Tensor]) -> None:
    woven = clips.interlace(seen(), "bff")
    assert found(woven) == {"line jitter": 0}
    assert torch.equal(mended(woven)[0], woven)


def test_the_mask_is_whole_lines_and_nothing_else_is_changed() -> None:
    clip = tape.line_jitter(stage_set(), 2, pixels=0.5).clip
    made, masks = mended(clip)
    for planes, was, mask in zip(made, clip, masks, strict=True):
        assert torch.equal(mask.any(1), mask.all(1)) and float(mask.float().mean()) > 0.3
        assert torch.equal(planes[:, ~mask], was[:, ~mask])


def test_a_line_further_off_than_is_allowed_is_left() -> None:
    clip = tape.line_jitter(stage_set(), 2, pixels=1.0).clip
    far, near = (torch.stack(mended(clip, largest=largest)[1]).float().mean() for largest in (3.0, 0.25))
    assert float(near) < 0.5 * float(far)


def test_straight_lines_are_left_as_they_are() -> None:
    for clip in (stage_set(), clips.scene(8, SIZE), clips.noisy(stage_set(), 0.02)):
        woven = clips.interlace(clip, "bff")
        assert torch.equal(mended(woven)[0], woven) and found(woven) == {"line jitter": 0}


@pytest.mark.parametrize("effect", concert.EFFECTS)
def test_the_stage_is_left_as_it_is(effect: str) -> None:
    clip = clips.interlace(concert.EFFECTS[effect](12), "bff")
    assert torch.equal(mended(clip)[0], clip)


def test_a_part_with_frames_to_spare_equals_the_whole() -> None:
    clip = tape.line_jitter(stage_set(14), 2, pixels=0.5).clip
    entire, part = mended(clip)[0], mended(clip[1:6], first=1)[0]
    assert torch.equal(part[REACH:-REACH], entire[2:5])


def test_whole_frames_are_not_asked_and_no_frame_makes_no_frame() -> None:
    assert found(stage_set(), None) == {}
    assert list(straighten(LineJitterSettings(enabled=True), ShotContext(Fraction(25), Fraction(1)))(iter([]))) == []
