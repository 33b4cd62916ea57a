"""Dye loses density in proportion, and a set-up lifts black alone."""

import pytest
import torch

from restoration.engine.ageing.dye import fading, set_up
from restoration.engine.media.color import to_rgb
from tests import clips


def test_each_layer_loses_its_share_of_density() -> None:
    grey = clips.even(1, (8, 6), 0.25)
    faded = to_rgb(fading(grey, 0, left=(0.5, 0.8, 1.0), base=0).clip, "smpte170m")[0, :, 0, 0]
    assert faded.tolist() == pytest.approx([0.25 ** 0.5, 0.25 ** 0.8, 0.25], abs=1e-4)


def test_white_stays_white() -> None:
    white = clips.even(1, (8, 6), 1.0)
    assert torch.allclose(fading(white, 0).clip, white, atol=1e-5)
    assert torch.allclose(set_up(white, 0).clip, white, atol=1e-6)


def test_a_set_up_lifts_black() -> None:
    assert float(set_up(clips.even(1, (8, 6)), 0).clip[0, 0].mean()) == pytest.approx(0.075)
