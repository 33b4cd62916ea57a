"""Lossless segments, whole or not at all."""

import resource
import signal
import subprocess
import sys
from fractions import Fraction
from pathlib import Path

import pytest
import torch

from restoration.engine.errors import EncodingError
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.media import samples, writer
from restoration.engine.media.inspect import inspect
from restoration.engine.media.reader import read
from tests import clips

SD = ColorSpec("smpte170m", "smpte170m", "smpte170m")


def _frames(clip: torch.Tensor, interlaced: str | None = None) -> list[Frame]:
    return [Frame(planes, number, SD, interlaced) for number, planes in enumerate(clip)]


def test_what_is_written_reads_back_to_the_last_code_of_ten_bits(tmp_path: Path) -> None:
    clip = clips.scene(4, (97, 64))
    target = tmp_path / "segment.mkv"
    facts = writer.write(_frames(clip), target, rate=clips.FIELDS, pixel_aspect=Fraction(1), expected=4)
    assert (facts.frames, facts.width, facts.height, facts.rate) == (4, 97, 64, clips.FIELDS)
    read_back = list(read(target, inspect(target)))
    for before, after in zip(clip, read_back, strict=True):
        assert (samples.to_codes(before)[0] == samples.to_codes(after.planes)[0]).all()
    assert inspect(target).pixel_format == "yuv422p10le"


@pytest.mark.parametrize("size", [(1, 1), (2, 2), (2, 64), (95, 63), (96, 63), (427, 240), (479, 360), (1919, 721)])
def test_every_raster_can_be_written(tmp_path: Path, size: tuple[int, int]) -> None:
    """FFV1 cuts a picture into slices, and not every grid suits every number of columns."""
    facts = writer.write(_frames(clips.even(2, size, 0.4)), tmp_path / "segment.mkv", rate=Fraction(25),
                         pixel_aspect=Fraction(1), expected=2)
    assert (facts.frames, facts.width, facts.height) == (2, *size)


def test_a_ramp_keeps_more_than_900_levels(tmp_path: Path) -> None:
    clip = torch.zeros(1, 3, 16, 2048)
    clip[:, 0] = torch.linspace(-0.05, 1.05, 2048)
    target = tmp_path / "ramp.mkv"
    writer.write(_frames(clip), target, rate=Fraction(25), pixel_aspect=Fraction(1), expected=1)
    levels = next(read(target, inspect(target))).planes[0, 0].unique()
    assert len(levels) > 900


def test_super_white_and_blacker_than_black_survive(tmp_path: Path) -> None:
    clip = clips.even(1, (32, 32), 1.05)
    clip[:, 0, :, 16:] = -0.05
    target = tmp_path / "excursions.mkv"
    writer.write(_frames(clip), target, rate=Fraction(25), pixel_aspect=Fraction(1), expected=1)
    planes = next(read(target, inspect(target))).planes
    assert planes[0, 0, 0].item() == pytest.approx(1.05, abs=1 / 876)
    assert planes[0, 0, 31].item() == pytest.approx(-0.05, abs=1 / 876)


def test_interlaced_frames_and_colour_are_tagged(tmp_path: Path) -> None:
    target = tmp_path / "fields.mkv"
    writer.write(_frames(clips.scene(3), "bff"), target, rate=clips.NTSC, pixel_aspect=Fraction(10, 11), expected=3)
    facts = inspect(target)
    assert (facts.scan, facts.field_order, facts.matrix, facts.range) == ("interlaced", "bff", "smpte170m", "tv")


def test_a_wrong_count_leaves_no_file(tmp_path: Path) -> None:
    with pytest.raises(EncodingError, match="4 frames instead of 5"):
        writer.write(_frames(clips.scene(4)), tmp_path / "short.mkv", rate=Fraction(25), pixel_aspect=Fraction(1),
                     expected=5)
    assert list(tmp_path.iterdir()) == []


FILL = """
import sys
from fractions import Fraction
from pathlib import Path
import torch
from restoration.engine.errors import DiskFullError
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.media import writer
spec = ColorSpec("smpte170m", "smpte170m", "smpte170m")
dice = torch.Generator().manual_seed(1)
frames = (Frame(torch.rand(3, 96, 128, generator=dice) - 0.3, number, spec) for number in range(40))
try:
    writer.write(frames, Path(sys.argv[1]) / "segment.mkv", rate=Fraction(25), pixel_aspect=Fraction(1), expected=40)
except DiskFullError as error:
    print(error)
    sys.exit(7)
"""


def _allow_a_quarter_of_a_megabyte() -> None:
    signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (250_000, 250_000))


@pytest.mark.processes
def test_a_full_disk_is_said_with_that_word_and_leaves_nothing(tmp_path: Path) -> None:
    done = subprocess.run([sys.executable, "-c", FILL, str(tmp_path)], capture_output=True, text=True, timeout=120,
                          preexec_fn=_allow_a_quarter_of_a_megabyte, check=False)
    assert done.returncode == 7, done.stderr
    assert "disk is full" in done.stdout
    assert list(tmp_path.iterdir()) == []
