"""An unsteady lamp changes light and nothing else."""

import pytest
import torch

from restoration.engine.ageing.lamp import flicker, local_flicker
from tests import clips


def test_brightness_varies_as_much_as_was_asked_for() -> None:
    aged = flicker(clips.even(300, (8, 6), 0.5), 1, gain=0.05, contrast=0)
    assert float((aged.clip[:, 0, 0, 0] / 0.5).log().std()) == pytest.approx(0.05, rel=0.15)


def test_colour_keeps_its_hue_and_saturation() -> None:
    aged = flicker(clips.scene(4, (60, 40)), 2)
    before, after = aged.truth[:, 1:] / aged.truth[:, :1], aged.clip[:, 1:] / aged.clip[:, :1]
    assert torch.allclose(before, after, atol=1e-4)


def test_parts_of_the_picture_flicker_by_themselves() -> None:
    aged = local_flicker(clips.even(200, (90, 60), 0.5), 3)
    left, right = aged.clip[:, 0, 15, 10].log(), aged.clip[:, 0, 45, 80].log()
    assert abs(float(torch.corrcoef(torch.stack([left, right]))[0, 1])) < 0.3


def test_a_seed_always_gives_the_same_light() -> None:
    clip = clips.scene(3, (60, 40))
    for age in (flicker, local_flicker):
        assert torch.equal(age(clip, 5).clip, age(clip, 5).clip)
        assert not torch.equal(age(clip, 5).clip, age(clip, 6).clip)
