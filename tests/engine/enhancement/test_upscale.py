"""Square pixels, nothing stretched, nothing rung, and the recording still in it."""

from fractions import Fraction

import pytest
import torch
from torch import Tensor

from restoration.engine.compute.resample import resize
from restoration.engine.enhancement.upscale import reach, upscale
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.media.raster import active_columns, target_raster
from restoration.engine.settings import UpscaleSettings
from restoration.engine.stage import ShotContext
from tests import clips
from tests.engine.threads import on_one_thread_and_two

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")


@pytest.mark.parametrize(("width", "height", "shape", "lines", "raster"), [
    (720, 480, Fraction(8, 9), 2160, (2880, 2160)),
    (720, 480, Fraction(10, 11), 2160, (2880, 2160)),
    (704, 480, Fraction(10, 11), 2160, (2880, 2160)),
    (720, 480, Fraction(10, 11), 1080, (1440, 1080)),
    (720, 480, Fraction(40, 33), 1080, (1920, 1080)),
    (720, 576, Fraction(16, 15), 2160, (2880, 2160)),
    (720, 576, Fraction(12, 11), 2160, (2880, 2160)),
    (704, 576, Fraction(16, 11), 2160, (3840, 2160)),
    (1280, 720, Fraction(1), 2160, (3840, 2160)),
    (472, 360, Fraction(1), 1080, (1416, 1080)),
])
def test_pixels_become_square(width: int, height: int, shape: Fraction, lines: int, raster: tuple[int, int]) -> None:
    assert target_raster(width, height, shape, UpscaleSettings(height=lines)) == raster


def test_without_a_height_the_raster_stays() -> None:
    assert target_raster(720, 480, Fraction(10, 11), UpscaleSettings()) == (720, 480)


def test_blanking_beside_the_picture_is_left_out() -> None:
    assert active_columns(720, 480, Fraction(10, 11)) == (8, 704)
    assert active_columns(720, 480, Fraction(8, 9)) == (0, 720)
    assert active_columns(640, 480, Fraction(10, 11)) == (0, 640)


METHODS = ("network", "filters")


def enlarged(planes: Tensor, height: int = 256, sharpness: float = 0.3, method: str = "filters") -> Tensor:
    settings = UpscaleSettings.model_validate({"height": height, "sharpness": sharpness, "method": method})
    stage = upscale(settings, ShotContext(Fraction(25), Fraction(1)))
    return next(stage(iter([Frame(planes, 4, COLOR)]))).planes


@pytest.mark.parametrize("method", METHODS)
def test_the_recording_is_still_in_the_result(method: str) -> None:
    planes = clips.moment(0, (96, 128))
    made = enlarged(planes, method=method)
    assert made.shape == (3, 256, 192)
    again = resize(made, 96, 128)
    assert (again - planes)[0].square().mean().sqrt() < 0.01


@pytest.mark.parametrize(("method", "sharpness", "beyond"), [
    ("filters", 0.0, 1e-6), ("filters", 0.3, 1e-6), ("filters", 1.0, 1e-6), ("network", 0.3, 1e-3)])
def test_an_edge_beside_blanking_does_not_ring(method: str, sharpness: float, beyond: float) -> None:
    planes = torch.zeros(3, 128, 96)
    planes[0, :, 20:76] = 0.6
    luma = enlarged(planes, 384, sharpness, method)[0]
    assert luma.min() >= -beyond and luma.max() <= 0.6 + beyond


def test_sharpness_steepens_edges_but_never_in_the_dark() -> None:
    planes = torch.zeros(3, 128, 96)
    planes[0, :, :48], planes[0, :, 48:] = 0.3, 0.7
    soft, sharp = (enlarged(planes, 384, share)[0, 100] for share in (0.0, 1.0))
    assert sharp.diff().abs().max() > 1.1 * soft.diff().abs().max()
    planes[0] *= 0.03
    assert torch.allclose(enlarged(planes, 384, 0.0)[0], enlarged(planes, 384, 1.0)[0], atol=1e-4)


def test_the_network_steepens_edges_but_not_in_the_dark() -> None:
    planes = torch.zeros(3, 128, 96)
    planes[0, :, :48], planes[0, :, 48:] = 0.3, 0.7
    plain, learnt = (enlarged(planes, 384, 0.0, method)[0, 200] for method in ("filters", "network"))
    assert learnt.diff().abs().max() > 1.2 * plain.diff().abs().max()
    planes[0] *= 0.03
    plain, learnt = (enlarged(planes, 384, 0.0, method)[0] for method in ("filters", "network"))
    assert (plain - learnt).abs().max() < 2e-3


def moved(count: int, settings: UpscaleSettings, first: int = 0, wanted: range | None = None) -> list[Frame]:
    context = ShotContext(Fraction(25), Fraction(1), wanted=wanted)
    frames = (Frame(clips.moment(number, (96, 64)), number, COLOR) for number in range(first, first + count))
    return list(upscale(settings, context)(frames))


def test_with_its_neighbours_a_part_of_a_shot_equals_the_same_frames_of_the_whole() -> None:
    settings = UpscaleSettings(height=160)
    assert reach(settings) == 2
    whole = moved(6, settings)
    part = moved(5, settings, first=1, wanted=range(3, 4))
    assert [frame.number for frame in part] == [3]
    assert torch.equal(part[0].planes, whole[3].planes)


def test_the_network_gives_the_same_bits_on_one_thread_and_on_two() -> None:
    one, two = on_one_thread_and_two(lambda: moved(3, UpscaleSettings(height=160))[1].planes)
    assert torch.equal(one, two)


def test_neighbours_change_what_is_seen_of_a_moment() -> None:
    settings = UpscaleSettings(height=160)
    assert not torch.equal(moved(3, settings)[1].planes, moved(1, settings, first=1)[0].planes)


def test_filters_and_a_raster_hardly_larger_ask_no_network_and_no_neighbours() -> None:
    assert reach(UpscaleSettings(height=160, method="filters")) == 0 == reach(UpscaleSettings())
    planes = clips.moment(0, (96, 112))
    assert torch.equal(enlarged(planes, 120, method="network"), enlarged(planes, 120, method="filters"))


def test_frames_pass_untouched_without_a_height() -> None:
    frame = Frame(clips.moment(0), 0, COLOR)
    assert list(upscale(UpscaleSettings(), ShotContext(Fraction(25), Fraction(1)))(iter([frame]))) == [frame]
