"""Steps between plateaus become the gradient they were; edges, texture and grain are left alone."""

from fractions import Fraction

import pytest
import torch
from torch import Tensor

from restoration.engine.ageing.compression import banded
from restoration.engine.facts import Defect
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.repair.banding import REPAIR, smooth_bands
from restoration.engine.settings import BandingSettings
from restoration.engine.specimen import Finding, Specimen
from restoration.engine.stage import ShotContext
from tests import clips
from tests.concert import EFFECTS
from tests.engine.threads import on_one_thread_and_two

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SIZE = (160, 96)
STEP = 4.0


def dusk(frames: int = 2) -> Tensor:
    """A dark wall whose light falls off, beside a textured scene."""
    clip = clips.scene(frames, SIZE)
    clip[:, :, :, :96] = 0
    clip[:, 0, :, :96] = torch.linspace(0.05, 0.22, 96) + torch.linspace(0, 0.03, SIZE[1])[:, None]
    return clip


def frames_of(clip: Tensor, first: int = 0) -> list[Frame]:
    return [Frame(planes.contiguous(), first + number, COLOR) for number, planes in enumerate(clip)]


def smoothed(clip: Tensor, masks: dict[int, Tensor] | None = None, *, steps: float = STEP, seed: int = 0,
             first: int = 0) -> Tensor:
    def note(number: int, mask: Tensor | None) -> None:
        if masks is not None and mask is not None:
            masks[number] = mask

    context = ShotContext(Fraction(25), Fraction(1), seed=seed, note=note)
    stage = smooth_bands(BandingSettings(enabled=True, steps=steps), context)
    return torch.stack([frame.planes for frame in stage(iter(frames_of(clip, first)))])


def found(clip: Tensor) -> Finding:
    assert REPAIR.measure is not None
    return REPAIR.measure(Specimen(tuple(frames_of(clip)), 0))["banding"]


def decibels(one: Tensor, other: Tensor, where: Tensor) -> float:
    chosen = where[:, None].expand_as(one)
    return float(-10 * torch.log10((one - other)[chosen].square().mean()))


@pytest.mark.parametrize("step", [3.0, 4.0, 5.5])
def test_plateaus_become_the_gradient_again(step: float) -> None:
    aged = banded(dusk(), 3, step=step)
    assert aged.masks is not None
    made = smoothed(aged.clip, steps=step)
    assert decibels(made, aged.truth, aged.masks) > decibels(aged.clip, aged.truth, aged.masks) + 2


def test_a_pool_of_light_and_colour_becomes_smooth_on_all_sides() -> None:
    clip = clips.even(1, SIZE, 0.1)
    down, across = torch.meshgrid(torch.arange(SIZE[1]) - 48.0, torch.arange(SIZE[0]) - 80.0, indexing="ij")
    clip[:, 0] = 0.35 - 0.003 * (down ** 2 + across ** 2 + 100).sqrt()
    clip[:, 1] = 0.0008 * across
    aged = banded(clip, 3, step=STEP)
    assert aged.masks is not None
    made = smoothed(aged.clip)
    for plane in (slice(0, 1), slice(1, 2)):
        before, after = (decibels(each[:, plane], aged.truth[:, plane], aged.masks) for each in (aged.clip, made))
        assert after > before + 2


def test_only_what_is_written_down_is_changed_and_by_no_more_than_half_a_step() -> None:
    aged, masks = banded(dusk(), 3, step=STEP), dict[int, Tensor]()
    made = smoothed(aged.clip, masks)
    for number, planes in enumerate(made):
        assert masks[number].any()
        is_changed = (planes != aged.clip[number]).any(0)
        assert not bool((is_changed & ~masks[number]).any())
    assert float((made - aged.clip).abs().max()) < (0.5 * STEP + 0.6) / 255


def test_what_has_no_bands_comes_out_identical() -> None:
    for clip in (dusk(), clips.scene(2, SIZE), clips.noisy(clips.even(2, SIZE, 0.2), 0.01, 0.01),
                 clips.even(2, SIZE, 0.3)):
        assert torch.equal(smoothed(clip, steps=BandingSettings().steps), clip)
        assert found(clip).value == 0


def test_grain_over_a_gradient_and_edges_of_flat_colour_stay() -> None:
    grainy = (clips.noisy(dusk(), 2 / 255, 1 / 255) * 255).round() / 255
    cartoon = clips.even(1, SIZE, 0.3)
    cartoon[:, 0, :, 80:] = 0.4
    lined = clips.even(1, SIZE, 0.3)
    lined[:, 0, :, ::12] += 2 / 255
    for clip in (grainy, cartoon, lined):
        assert torch.equal(smoothed(clip), clip)


def test_steps_higher_than_was_allowed_stay() -> None:
    clip = banded(dusk(), 3, step=5).clip
    assert torch.equal(smoothed(clip, steps=1.5)[:, 0], clip[:, 0])


@pytest.mark.parametrize("name", EFFECTS)
def test_what_belongs_to_the_concert_is_left_alone(name: str) -> None:
    clip, masks = EFFECTS[name](4, (360, 240)), dict[int, Tensor]()
    smoothed(clip, masks, steps=BandingSettings().steps)
    assert sum(float(mask.float().mean()) for mask in masks.values()) / len(clip) < 0.005
    assert float(((smoothed(clip) - clip).abs() > 1 / 255).any(1).float().mean()) < 0.005
    assert found(clip).value < 0.01


def test_bands_are_found_with_their_share_and_their_height() -> None:
    aged = banded(dusk(1), 3, step=STEP)
    assert aged.masks is not None
    finding = found(aged.clip)
    assert finding.mask is not None
    assert 0.6 * float(aged.masks.float().mean()) < finding.value < 1.1 * float(aged.masks.float().mean())
    assert finding.hints["height"] == pytest.approx(STEP, rel=0.15)
    defect = Defect(name="banding", severity=0.6, confidence=0.9, value=finding.value, unit="share",
                    hints=finding.hints)
    assert REPAIR.advice[0].choose(defect) == {"enabled": True, "steps": pytest.approx(1.2 * STEP, rel=0.15)}


def test_the_dither_follows_from_seed_and_number_alone() -> None:
    clip = banded(dusk(3), 3, step=STEP).clip
    entire = smoothed(clip, seed=7)
    assert torch.equal(smoothed(clip[1:], seed=7, first=1), entire[1:])
    assert not torch.equal(smoothed(clip, seed=8), entire)
    still = clip[:1].expand(2, -1, -1, -1)
    assert not torch.equal(*smoothed(still, seed=7))


def test_one_thread_and_two_give_the_same_bits() -> None:
    clip = banded(dusk(1), 3, step=STEP).clip.repeat(1, 1, 2, 2)
    assert torch.equal(*on_one_thread_and_two(lambda: smoothed(clip)))
