"""Every frame, exactly once, the same from wherever one starts."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import numpy as np
import pytest
import torch

from restoration.engine.facts import Remark
from restoration.engine.media.inspect import inspect
from restoration.engine.media.reader import read
from restoration.engine.media.samples import to_planes
from tests import clips

WRAPPED = [
    (".mkv", None, {}), (".mov", None, {}), (".mpg", None, {"bf": "2", "g": "9"}), (".ts", None, {"bf": "2", "g": "9"}),
    (".mp4", None, {"bf": "3", "g": "10", "x264-params": "open-gop=1:scenecut=0"}), (".avi", "msmpeg4", {"g": "8"}),
]


def _written(folder: Path, suffix: str, codec: str | None, options: dict[str, str]) -> Path:
    clip = clips.numbered(clips.scene(30, (128, 64)))
    pixel_format = "yuv422p10le" if suffix == ".mov" else "yuv420p"
    return clips.write(folder / f"clip{suffix}", clip, clips.NTSC, codec=codec, pixel_format=pixel_format,
                       options=options)


@pytest.mark.parametrize(("suffix", "codec", "options"), WRAPPED)
def test_a_range_holds_the_same_frames_as_reading_from_the_start(tmp_path: Path, suffix: str, codec: str | None,
                                                                 options: dict[str, str]) -> None:
    source = _written(tmp_path, suffix, codec, options)
    facts = inspect(source)
    whole = list(read(source, facts))
    assert [clips.number_of(frame.planes) for frame in whole] == list(range(30))
    for start, end in [(0, 1), (1, 4), (7, 8), (9, 21), (17, 30), (29, 30)]:
        part = list(read(source, facts, start, end))
        assert [frame.number for frame in part] == list(range(start, end))
        assert all(torch.equal(own.planes, whole[own.number].planes) for own in part)


@pytest.mark.parametrize(("suffix", "codec", "options"), WRAPPED)
def test_rate_and_count_are_exact(tmp_path: Path, suffix: str, codec: str | None, options: dict[str, str]) -> None:
    facts = inspect(_written(tmp_path, suffix, codec, options))
    assert (facts.rate, facts.frames, facts.is_variable_rate) == (clips.NTSC, 30, False)


@pytest.mark.parametrize("pixel_format", ["yuv420p", "yuv422p10le", "yuv444p"])
def test_colour_and_brightness_come_back_as_they_were(tmp_path: Path, pixel_format: str) -> None:
    clip = clips.even(2, (64, 48), 0.4)
    clip[:, 1], clip[:, 2] = 0.2, -0.1
    source = clips.write(tmp_path / "even.mkv", clip, pixel_format=pixel_format)
    frame = next(read(source, inspect(source)))
    assert torch.allclose(frame.planes, clip[0], atol=0.5 / 219)


def test_chroma_of_420_is_put_back_where_it_was_sited(tmp_path: Path) -> None:
    """A slow ramp of colour, halved as MPEG-2 sites it, comes back without a shift."""
    width, height = 64, 48
    clip = clips.even(1, (width, height), 0.5)
    clip[:, 1] = torch.linspace(-0.2, 0.2, width)
    clip[:, 2] = torch.linspace(-0.2, 0.2, height)[:, None]
    step = 0.4 / (width - 1)
    source = clips.write(tmp_path / "ramp.mkv", clip, pixel_format="yuv444p")
    subsampled = clips.write(tmp_path / "half.mkv", _sited_left(clip), pixel_format="yuv420p")
    full, half = next(read(source, inspect(source))), next(read(subsampled, inspect(subsampled)))
    inside = (slice(1, 3), slice(4, -4), slice(4, -4))
    assert (full.planes[inside] - half.planes[inside]).abs().mean() < step / 4


def _sited_left(clip: torch.Tensor) -> torch.Tensor:
    """So that the mean of two columns, which the writer takes, is the left one's colour."""
    moved = clip.clone()
    moved[:, 1:, :, 1::2] = clip[:, 1:, :, 0::2]
    return moved


def test_interlaced_colour_is_put_back_field_by_field(tmp_path: Path) -> None:
    """Two fields of different colours: no line takes colour from the other field."""
    clip = clips.even(1, (64, 48), 0.5)
    clip[:, 1, 0::2], clip[:, 1, 1::2] = 0.3, -0.3
    source = clips.write(tmp_path / "fields.mpg", clip.repeat(6, 1, 1, 1), fields="tff")
    facts = inspect(source)
    frame = next(read(source, facts))
    assert facts.scan == "interlaced"
    assert frame.interlaced == facts.field_order
    assert frame.planes[1, 0::2].mean() > 0.27
    assert frame.planes[1, 1::2].mean() < -0.27


def test_frames_of_uneven_times_fill_a_constant_rate_by_repeating(tmp_path: Path) -> None:
    ticks = [0, 1, 2, 4, 5, 9, 10, 11, 12, 17, 18, 19, 22, 23, 24, 25]
    source = clips.write(tmp_path / "uneven.mkv", clips.numbered(clips.scene(len(ticks), (128, 64))), ticks=ticks)
    facts = inspect(source)
    assert facts.is_variable_rate
    assert (facts.rate, facts.frames) == (25, 26)
    shown = [clips.number_of(frame.planes) for frame in read(source, facts)]
    assert shown == [sum(tick <= due for tick in ticks) - 1 for due in range(26)]
    assert [clips.number_of(frame.planes) for frame in read(source, facts, 7, 9)] == [4, 4]


def test_a_first_time_stamp_that_is_not_zero_changes_no_frame_number(tmp_path: Path) -> None:
    source = clips.write(tmp_path / "late.ts", clips.numbered(clips.scene(12, (128, 64))), first_pts=50)
    facts = inspect(source)
    assert facts.first_pts > 0
    assert [clips.number_of(frame.planes) for frame in read(source, facts, 5, 12)] == list(range(5, 12))


def test_a_missing_frame_is_covered_by_the_one_before_and_said(tmp_path: Path) -> None:
    ticks = [*range(5), *range(6, 12)]
    source = clips.write(tmp_path / "gap.mkv", clips.numbered(clips.scene(11, (128, 64))), ticks=ticks)
    facts, remarks = inspect(source), list[Remark]()
    shown = [clips.number_of(frame.planes) for frame in read(source, facts, hear=remarks.append)]
    assert not facts.is_variable_rate
    assert shown == [0, 1, 2, 3, 4, 4, 5, 6, 7, 8, 9, 10]
    assert [remark.values["count"] for remark in remarks] == [1]


@pytest.mark.footage
@pytest.mark.parametrize("name", ["news_pal_704x576i_tff.ts", "people_768x576_msmpeg4.avi", "bikes_640x272.mp4",
                                  "MADE_telecine_480i_from_dog.mpg"])
def test_real_clips_read_the_same_from_the_middle(footage: Path, name: str) -> None:
    source = footage / "good" / name
    facts = inspect(source)
    whole = {frame.number: frame.planes[:, ::8, ::8].clone() for frame in read(source, facts, 0, 60)}
    for start, end in [(33, 36), (50, 60)]:
        for frame in read(source, facts, start, end):
            assert torch.equal(frame.planes[:, ::8, ::8], whole[frame.number])


def test_the_rate_of_a_range_is_exact_in_milliseconds_too(tmp_path: Path) -> None:
    source = clips.write(tmp_path / "short.mkv", clips.scene(5, (64, 48)), Fraction(24000, 1001))
    assert inspect(source).rate == Fraction(24000, 1001)


def test_whole_frames_in_an_interlaced_wrapper_are_whole_once_that_was_measured(tmp_path: Path) -> None:
    source = clips.write(tmp_path / "psf.mpg", clips.scene(4, (96, 64)), clips.NTSC, fields="tff")
    facts = inspect(source)
    measured = facts.model_copy(update={"scan": "progressive", "field_order": None})
    assert {frame.interlaced for frame in read(source, facts)} == {facts.field_order}
    assert {frame.interlaced for frame in read(source, measured)} == {None}
    flagged, whole = next(read(source, facts)), next(read(source, measured))
    assert torch.equal(flagged.planes, whole.planes)


@pytest.mark.parametrize("depth", [8, 10, 12, 16])
def test_colour_with_transparency_is_read_as_colour_without(depth: int) -> None:
    """A width at which FFmpeg leaves samples unset when it drops the fourth plane."""
    suffix = "" if depth == 8 else f"{depth}le"
    codes = np.random.default_rng(1).integers(0, 2 ** depth, (4, 64, 720), dtype=np.uint16)
    shown = [_filled(av.VideoFrame(720, 64, f"{name}{suffix}"), codes) for name in ("gbrp", "gbrap")]
    opaque, seen = (to_planes(picture, "bt709", is_full_range=True, interlaced=False) for picture in shown)
    assert torch.equal(opaque, seen)


def _filled(picture: av.VideoFrame, codes: np.ndarray[Any, np.dtype[np.uint16]]) -> av.VideoFrame:
    for plane, values in zip(picture.planes, codes, strict=False):
        kind = np.uint8 if picture.format.components[0].bits == 8 else np.dtype("<u2")
        rows = np.frombuffer(memoryview(plane), kind).reshape(plane.height, -1)
        rows[:, :plane.width] = values.astype(kind)
    return picture
