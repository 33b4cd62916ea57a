"""Colour that a filter has no business with keeps its numbers, however it is stored."""

from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import torch

from restoration.engine.encoding import renditions, wide_range
from restoration.engine.encoding.pictures import BT709, Colour, filtered, to_bt709
from restoration.engine.facts import SourceFacts
from restoration.engine.media.upright import Turner
from tests import clips

COLOUR = (70, 110, 190)  # Y, Cb and Cr of 8 bits: a red that BT.601 and BT.709 show otherwise.
SIZES = ((64, 48), (33, 21))


def coloured(pixel_format: str, size: tuple[int, int] = SIZES[0], *, is_full: bool = False) -> av.VideoFrame:
    """A picture of that colour, which says of itself that it is BT.709."""
    picture = av.VideoFrame(*size, pixel_format)
    for plane, component, value in zip(picture.planes, picture.format.components, COLOUR, strict=False):
        code = (value << (component.bits - 8)).to_bytes(1 + (component.bits > 8), "little")
        plane.update(code * (plane.buffer_size // len(code)))
    picture.colorspace, picture.color_primaries, picture.color_trc = BT709, BT709, BT709
    picture.color_range, picture.pts, picture.time_base = 1 + is_full, 0, Fraction(1, 25)
    return picture


def colour_of(picture: av.VideoFrame) -> list[float]:
    """The mean of each plane of more than 8 bits, as of 8."""
    return [float(np.frombuffer(bytes(plane), np.uint16).reshape(plane.height, -1)[:, :plane.width].mean())
            / 2 ** (component.bits - 8)
            for plane, component in zip(picture.planes, picture.format.components, strict=True)]


def shown(picture: av.VideoFrame, *, is_full: bool = False) -> list[float]:
    colour = Colour("bt709", "bt709", "bt709", "pc" if is_full else "tv")
    return colour_of(next(filtered([picture], to_bt709(picture.format.name, colour, (picture.width, picture.height)))))


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv422p10le", "yuv444p", "yuv440p", "yuv411p", "yuv422p16le"])
def test_what_is_bt709_already_stays_as_it_is(pixel_format: str, size: tuple[int, int]) -> None:
    assert shown(coloured(pixel_format, size)) == pytest.approx(COLOUR, abs=0.6)


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuvj420p", "yuv440p"])
def test_of_full_range_only_the_range_is_brought_down(pixel_format: str, size: tuple[int, int]) -> None:
    limited = [16 + 219 / 255 * COLOUR[0], *(128 + 224 / 255 * (value - 128) for value in COLOUR[1:])]
    assert shown(coloured(pixel_format, size, is_full=True), is_full=True) == pytest.approx(limited, abs=0.6)


@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv411p", "gray10le"])
@pytest.mark.parametrize("said", [{"colorspace": number} for number in (0, 3, 8, 14, 255)] + [
    {"color_range": 3}, {"color_primaries": 0}, {"color_primaries": 255}, {"color_trc": 0}, {"color_trc": 255}])
def test_numbers_of_a_file_that_name_nothing_are_not_passed_on(pixel_format: str, said: dict[str, int]) -> None:
    picture = coloured(pixel_format)
    for name, number in said.items():
        setattr(picture, name, number)
    luma, *colour = shown(picture)
    assert luma == pytest.approx(COLOUR[0], abs=0.6)
    assert colour == pytest.approx(COLOUR[1:] if pixel_format != "gray10le" else (128, 128), abs=0.6)


@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv422p10le"])
def test_a_picture_made_to_stand_upright_keeps_its_colour(pixel_format: str) -> None:
    facts = SourceFacts(name="phone.mp4", rate=Fraction(25), frames=1, width=48, height=64, pixel_aspect=Fraction(1),
                        scan="progressive", field_order=None, duration=Fraction(1, 25), turned=90)
    upright = Turner(facts).upright(coloured(pixel_format))
    assert (upright.width, upright.height, upright.colorspace) == (48, 64, BT709)
    assert colour_of(upright) == pytest.approx(COLOUR, abs=0.6)
    assert shown(upright) == pytest.approx(COLOUR, abs=0.6)


@pytest.mark.parametrize(("profile", "transfer"), [("hdr10", "pq"), ("hlg", "hlg")])
def test_a_wide_range_is_coded_in_the_numbers_it_was_reckoned_in(tmp_path: Path, profile: str, transfer: str) -> None:
    clip = torch.tensor([(70 - 16) / 219, (110 - 128) / 224, (190 - 128) / 224]).reshape(1, 3, 1, 1)
    master = clips.write(tmp_path / "master.mkv", clip.expand(2, 3, 720, 96), Fraction(25),
                         pixel_format="yuv422p10le")
    renditions.render(profile, master, tmp_path / "made.mp4")
    with av.open(str(master)) as container:
        pictures = container.decode(video=0)
        light = next(wide_range.shown(filtered(pictures, [("format", wide_range.TAKES)]), transfer))
    with av.open(str(tmp_path / "made.mp4")) as container:
        coded = next(container.decode(video=0))
    assert colour_of(coded) == pytest.approx(colour_of(light), abs=0.6)
