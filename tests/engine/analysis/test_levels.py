"""Light that was cut off piles up at the end of the scale; light that is merely bright, and black bars, do not."""

import pytest
import torch
from torch import Tensor

from restoration.engine.analysis.levels import measure, within_borders
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.specimen import Specimen
from tests import clips

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SIZE = (180, 120)


def shown(clip: Tensor) -> Specimen:
    return Specimen(tuple(Frame(planes, number, COLOR) for number, planes in enumerate(clip)), len(clip) // 2)


def overexposed(gain: float, lift: float = 0.0) -> tuple[Tensor, Tensor]:
    """A scene that a camera cut off at white and black, and where."""
    clip = clips.scene(3, SIZE)
    bright = clip[:, 0] * gain + lift
    clip[:, 0] = bright.clamp(0, 1)
    return clip, (bright >= 1) | (bright <= 0)


def test_the_share_that_was_cut_off_at_white_is_measured_and_masked() -> None:
    clip, cut = overexposed(1.9)
    found = measure(shown(clip))["clipped white"]
    assert found.value == pytest.approx(float(cut[1].float().mean()), rel=0.25)
    assert found.mask is not None
    assert (found.mask & cut[1]).sum() > 0.95 * found.mask.sum()
    assert measure(shown(clip))["clipped black"].value == 0


def test_crushed_black_is_measured() -> None:
    clip, cut = overexposed(2.0, -0.75)
    assert abs(measure(shown(clip))["clipped black"].value - float((cut[1] & (clip[1, 0] == 0)).float().mean())) < 0.03


def test_a_bright_picture_that_ends_below_white_is_whole() -> None:
    ramp = clips.even(3, SIZE)
    ramp[:, 0] = (torch.linspace(0.05, 0.9, SIZE[0]) + torch.linspace(0, 0.1, SIZE[1])[:, None])
    found = measure(shown(ramp))
    assert {name: finding.value for name, finding in found.items()} == {"clipped white": 0, "clipped black": 0}


def test_black_bars_are_no_part_of_the_picture() -> None:
    clip = clips.scene(3, SIZE, brightness=0.6)
    clip[:, :, :20] = 0
    clip[:, :, -20:] = 0
    assert measure(shown(clip))["clipped black"].value == 0
    assert int(within_borders(clip[1, 0]).sum()) == 80 * SIZE[0]


def test_a_picture_that_is_all_black_says_nothing() -> None:
    assert measure(shown(clips.even(3, SIZE))) == {}
