"""What a turned camera coded lying is read upright, as players show it."""

import subprocess
from fractions import Fraction
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import pytest
import torch

from restoration.engine.edition import ANALYSES, MAKES_PICTURES, rooms
from restoration.engine.facts import SourceFacts
from restoration.engine.media.inspect import inspect
from restoration.engine.media.reader import read, read_pictures
from tests import clips

UPRIGHT = clips.numbered(clips.scene(3, (96, 64)))
TURNS = [(90, False), (180, False), (270, False), (0, True), (90, True), (180, True), (270, True)]


def recorded(folder: Path, turned: int, *, is_mirrored: bool = False, suffix: str = ".mkv",
             pixel_format: str = "yuv444p") -> Path:
    return clips.write(folder / f"turned{suffix}", clips.lying(UPRIGHT, turned, is_mirrored=is_mirrored),
                       pixel_format=pixel_format, turned=turned, is_mirrored=is_mirrored)


def said_of(facts: SourceFacts) -> str:
    return " ".join(str(remark) for remark in facts.remarks)


@pytest.mark.parametrize(("turned", "is_mirrored"), TURNS)
def test_every_frame_stands_upright_and_keeps_every_value(tmp_path: Path, turned: int, is_mirrored: bool) -> None:
    source = recorded(tmp_path, turned, is_mirrored=is_mirrored)
    facts = inspect(source)
    assert (facts.width, facts.height) == (96, 64)
    for frame, shown in zip(read(source, facts), UPRIGHT, strict=True):
        assert torch.allclose(frame.planes, shown, atol=0.51 / 219)


@pytest.mark.parametrize(("suffix", "pixel_format"), [(".mp4", "yuv420p"), (".mov", "yuv422p10le")])
@pytest.mark.parametrize(("turned", "is_mirrored"), TURNS)
def test_ffmpeg_shows_it_the_same_way_up(tmp_path: Path, turned: int, is_mirrored: bool, suffix: str,
                                         pixel_format: str) -> None:
    source = recorded(tmp_path, turned, is_mirrored=is_mirrored, suffix=suffix, pixel_format=pixel_format)
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", "-i", str(source), "-frames:v", "1",
               "-pix_fmt", "yuv444p", "-f", "rawvideo", "-"]
    shown = np.frombuffer(subprocess.run(command, check=True, capture_output=True).stdout, np.uint8)
    luma = torch.from_numpy(shown.reshape(3, 64, 96)[0].copy())
    assert (next(read(source, inspect(source))).planes[0] * 219 + 16 - luma).abs().mean() < 1


@pytest.mark.parametrize("pixel_format", ["yuv444p", "yuv420p"])
@pytest.mark.parametrize(("turned", "is_mirrored"), [(90, False), (180, False), (270, True)])
def test_the_original_is_shown_as_it_is_restored(tmp_path: Path, turned: int, is_mirrored: bool,
                                                 pixel_format: str) -> None:
    source = recorded(tmp_path, turned, is_mirrored=is_mirrored, pixel_format=pixel_format)
    facts = inspect(source)
    for frame, shown in zip(read(source, facts), read_pictures(source, facts), strict=True):
        luma, *colour = shown.picture.reformat(format="yuv444p").to_ndarray().astype(np.float32)
        assert np.abs(frame.planes[0].numpy() * 219 + 16 - luma).max() <= 1
        assert max(np.abs(own.numpy() * 224 + 128 - other).mean()
                   for own, other in zip(frame.planes[1:], colour, strict=True)) < 1
        assert shown.picture.rotation == 0


@pytest.mark.parametrize(("turned", "size", "aspect"), [(90, (64, 96), Fraction(3, 4)), (180, (96, 64), Fraction(4, 3)),
                                                        (270, (64, 96), Fraction(3, 4))])
def test_size_and_pixels_are_those_of_the_upright_picture(tmp_path: Path, turned: int, size: tuple[int, int],
                                                          aspect: Fraction) -> None:
    facts = inspect(clips.write(tmp_path / "camera.mp4", clips.scene(2, (96, 64)), pixel_aspect=Fraction(4, 3),
                                turned=turned))
    assert ((facts.width, facts.height), facts.pixel_aspect) == (size, aspect)
    assert (facts.turned, facts.is_mirrored) == (turned, False)


@pytest.mark.parametrize(("turned", "is_mirrored", "said"), [
    (270, False, "by 270° anticlockwise; it was turned so, and is restored upright."),
    (0, True, "exchange left and right of its picture; that was done"),
    (90, True, "by 90° anticlockwise and then to exchange left and right; both were done"),
])
def test_what_was_done_is_said(tmp_path: Path, turned: int, is_mirrored: bool, said: str) -> None:
    assert said in said_of(inspect(recorded(tmp_path, turned, is_mirrored=is_mirrored)))


def test_what_asks_for_nothing_is_read_as_it_is_and_nothing_is_said(tmp_path: Path) -> None:
    facts = inspect(clips.write(tmp_path / "tape.mkv", UPRIGHT))
    assert (facts.turned, facts.is_mirrored, facts.remarks) == (0, False, ())


def test_a_turn_of_no_quarter_is_left_and_said(tmp_path: Path) -> None:
    source = clips.write(tmp_path / "slanted.mp4", UPRIGHT, turned=45)
    facts = inspect(source)
    assert (facts.width, facts.height, facts.turned) == (96, 64, 0)
    assert "turn its picture by 45°; it is restored lying" in said_of(facts)
    assert [clips.number_of(frame.planes) for frame in read(source, facts)] == [0, 1, 2]


def fields(folder: Path, upright: torch.Tensor, coded_order: str, turned: int) -> Path:
    """A turned recording of two fields in a frame, whose colour was halved field by field."""
    return clips.write(folder / "fields.mov", clips.lying(upright, turned), clips.NTSC, codec="mpeg2video",
                       pixel_format="yuv420p", fields=coded_order, turned=turned)


def test_fields_are_not_laid_across_their_lines(tmp_path: Path) -> None:
    source = fields(tmp_path, clips.interlace(clips.scene(6, (96, 64))), "tff", 90)
    facts = inspect(source)
    assert (facts.width, facts.height, facts.turned, facts.field_order) == (64, 96, 0, "tff")
    assert "its frames holds two fields, whose lines would become columns; it is restored lying" in said_of(facts)
    assert {frame.interlaced for frame in read(source, facts)} == {"tff"}


@pytest.mark.parametrize(("lines", "order"), [(64, "tff"), (63, "bff")])
def test_upside_down_the_other_field_lies_on_top(tmp_path: Path, lines: int, order: str) -> None:
    upright = clips.interlace(clips.scene(6, (96, lines)), order)
    source = fields(tmp_path, upright, "bff", 180)
    facts = inspect(source)
    assert facts.field_order == order
    for frame, shown in zip(read(source, facts), upright, strict=True):
        assert frame.interlaced == order
        assert (frame.planes[0] - shown[0]).abs().mean() < 2 / 219


def test_colour_of_fields_upside_down_stays_with_its_field(tmp_path: Path) -> None:
    upright = clips.even(3, (64, 48), 0.5)
    upright[:, 1, 0::2], upright[:, 1, 1::2] = 0.3, -0.3
    source = fields(tmp_path, upright, "bff", 180)
    facts = inspect(source)
    frame, shown = next(read(source, facts)), next(read_pictures(source, facts))
    blue = (shown.picture.reformat(format="yuv444p").to_ndarray()[1].astype(np.float32) - 128) / 224
    for plane in (frame.planes[1], torch.from_numpy(blue)):
        assert plane[0::2].mean() > 0.27
        assert plane[1::2].mean() < -0.27


def test_what_was_inspected_before_pictures_were_turned_is_read_as_it_was_inspected(tmp_path: Path) -> None:
    source = recorded(tmp_path, 90)
    coded = inspect(source).model_copy(update={"width": 64, "height": 96})
    kept = SourceFacts.model_validate(coded.model_dump(mode="json", exclude={"turned", "is_mirrored"}))
    frame, shown = next(read(source, kept)), next(read_pictures(source, kept))
    assert torch.allclose(frame.planes, clips.lying(UPRIGHT, 90)[0], atol=0.51 / 219)
    assert (shown.picture.width, shown.picture.height) == (64, 96)


def test_how_pictures_are_turned_is_part_of_the_edition() -> None:
    assert all("media/upright.py" in rooms(doors) for doors in (MAKES_PICTURES, ANALYSES))
