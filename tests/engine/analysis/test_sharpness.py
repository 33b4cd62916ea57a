"""Softness is measured in pixels, on what stands; a camera torn round and noise do not change it."""

import pytest
import torch
from torch import Tensor
from torch.nn.functional import conv2d, pad

from restoration.engine.analysis.sharpness import measure
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.specimen import Specimen
from tests import clips

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SIZE = (180, 120)


def softened(clip: Tensor, sigma: float) -> Tensor:
    """Blurred by a Gaussian of that standard deviation in pixels."""
    reach = int(4 * sigma) + 1
    bell = torch.exp(-torch.arange(-reach, reach + 1).float().square() / (2 * sigma ** 2))
    bell /= bell.sum()
    flat = pad(clip, (reach,) * 4, mode="replicate").flatten(0, 1)[:, None]
    return conv2d(conv2d(flat, bell.view(1, 1, 1, -1)), bell.view(1, 1, -1, 1)).reshape(clip.shape)


def hall(frames: int = 5) -> Tensor:
    """Hard-edged boards of many greys that stand."""
    boards = clips.even(frames, SIZE, 0.3)
    for at in range(6):
        boards[:, 0, 8:112, 12 + 28 * at:26 + 28 * at] = 0.5 + 0.08 * at
    return boards


def shown(clip: Tensor, sigma: float = 0.0) -> Specimen:
    return Specimen(tuple(Frame(planes, number, COLOR) for number, planes in enumerate(clip)), 2,
                    noise_sigma=(sigma, 0.0))


@pytest.mark.parametrize("sigma", [0.8, 1.5, 2.5])
def test_a_known_blur_is_found(sigma: float) -> None:
    assert measure(shown(softened(hall(), sigma)))["blur"].value == pytest.approx(sigma, rel=0.15)


def test_noise_is_not_taken_for_sharpness() -> None:
    clip = clips.noisy(softened(hall(), 2.0), 4 / 255)
    assert measure(shown(clip, 4 / 255))["blur"].value == pytest.approx(2.0, rel=0.2)


def test_the_sharpest_of_a_scene_with_depth_counts() -> None:
    clip = hall()
    clip[..., :90] = softened(clip, 3.0)[..., :90]
    assert measure(shown(clip))["blur"].value < 0.6


def test_what_a_moving_camera_smears_says_nothing() -> None:
    assert measure(shown(clips.whip_pan(12, SIZE)[4:9])) == {}


def test_an_even_picture_says_nothing() -> None:
    assert measure(shown(clips.even(5, SIZE, 0.5))) == {}
