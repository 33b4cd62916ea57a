"""What is looked at has the colours of the recording, whatever its numbers mean."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
from PIL import Image

from archive.previews import make_previews
from archive.previews.proxy import Proxy
from archive.upright import Turn

CODES = (90, 110, 170)  # Y, Cb, Cr of 8 bits.
SD, HD = (96, 64), (1280, 720)
BT709, BT470, BT601, BT2020, UNSAID = 1, 5, 6, 9, 2
RED_709, RED_601, RED_2020 = (161, 68, 48), (153, 59, 50), (157, 62, 48)
RED_709_OF_FULL_RANGE = (156, 74, 57)
WEIGHTS = {BT709: (0.2126, 0.0722), BT470: (0.299, 0.114), BT601: (0.299, 0.114), BT2020: (0.2627, 0.0593)}


def even(path: Path, size: tuple[int, int], matrix: int, *, pixel_format: str = "yuv420p",
         codes: tuple[int, ...] = CODES, is_full: bool = False) -> Path:
    """A few pictures of one colour, which say that their numbers are of that matrix."""
    with av.open(str(path), "w") as container:
        stream = container.add_stream("ffv1", rate=Fraction(25))
        stream.width, stream.height, stream.pix_fmt = *size, pixel_format
        stream.codec_context.colorspace, stream.codec_context.color_range = matrix, 2 if is_full else 0
        for number in range(3):
            picture = av.VideoFrame(*size, pixel_format)
            for plane, component, code in zip(picture.planes, picture.format.components, codes, strict=True):
                value = (code << (component.bits - 8)).to_bytes(1 + (component.bits > 8), "little")
                plane.update(value * (plane.buffer_size // len(value)))
            picture.colorspace, picture.color_range, picture.pts = matrix, 2 if is_full else 0, number
            container.mux(stream.encode(picture))
        container.mux(stream.encode(None))
    return path


def as_played(proxy: Path) -> list[float]:
    """R, G, B, 0..255, of its first picture by what the proxy says of itself, which has to be all."""
    with av.open(str(proxy)) as container:
        picture = next(container.decode(video=0))
    assert picture.color_range == 1
    luma, blue, red = (float(np.frombuffer(bytes(plane), np.uint8).reshape(plane.height, -1)[:, :plane.width].mean())
                       for plane in picture.planes)
    of_red, of_blue = WEIGHTS[int(picture.colorspace)]
    light = (luma - 16) / 219
    r, b = light + 2 * (1 - of_red) * (red - 128) / 224, light + 2 * (1 - of_blue) * (blue - 128) / 224
    return [255 * value for value in (r, (light - of_red * r - of_blue * b) / (1 - of_red - of_blue), b)]


@pytest.mark.parametrize(("size", "matrix", "red"), [
    (SD, BT709, RED_709), (SD, BT601, RED_601), (SD, BT470, RED_601), (SD, UNSAID, RED_601), (SD, BT2020, RED_2020),
    (HD, BT709, RED_709), (HD, BT601, RED_601), (HD, UNSAID, RED_709)])
def test_numbers_mean_what_they_say_or_what_their_lines_tell(tmp_path: Path, size: tuple[int, int], matrix: int,
                                                             red: tuple[int, ...]) -> None:
    make_previews(even(tmp_path / "a.mkv", size, matrix), tmp_path / "previews")
    assert as_played(tmp_path / "previews/proxy.mp4") == pytest.approx(red, abs=2)
    assert np.asarray(Image.open(tmp_path / "previews/poster.jpg")).mean((0, 1)) == pytest.approx(red, abs=4)


@pytest.mark.parametrize("said", [{"colorspace": 3}, {"colorspace": 255}, {"color_range": 3}, {"color_primaries": 0},
                                  {"color_primaries": 255}, {"color_trc": 0}, {"color_trc": 255}])
def test_numbers_of_a_file_that_name_nothing_keep_nobody_from_looking(tmp_path: Path, said: dict[str, int]) -> None:
    with av.open(str(even(tmp_path / "a.mkv", SD, BT601))) as container:
        stream = container.streams.video[0]
        with Proxy(tmp_path / "proxy.mp4", stream, turn=Turn(), has_sound=False) as proxy:
            for picture in container.decode(stream):
                for name, number in said.items():
                    setattr(picture, name, number)
                assert len(list(proxy.show(picture, Fraction(0)))) <= 2
            list(proxy.show(None, Fraction(0)))
    assert as_played(tmp_path / "proxy.mp4") == pytest.approx(RED_601, abs=2)


def test_full_range_is_brought_down(tmp_path: Path) -> None:
    make_previews(even(tmp_path / "a.mkv", SD, BT709, is_full=True), tmp_path / "previews")
    assert as_played(tmp_path / "previews/proxy.mp4") == pytest.approx(RED_709_OF_FULL_RANGE, abs=3)


@pytest.mark.parametrize("size", [SD, HD])
def test_red_green_and_blue_stay_what_they_are(tmp_path: Path, size: tuple[int, int]) -> None:
    source = even(tmp_path / "a.mkv", size, 0, pixel_format="gbrp10le", codes=(60, 40, 160))
    make_previews(source, tmp_path / "previews")
    assert as_played(tmp_path / "previews/proxy.mp4") == pytest.approx((160, 60, 40), abs=2)
