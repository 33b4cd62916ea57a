"""The source's sound is in the master, sample for sample and in step."""

import hashlib
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from restoration.engine.media import master, writer
from restoration.engine.media.inspect import inspect
from restoration.engine.media.reader import read
from tests import clips


def _samples(path: Path, index: int = 0) -> tuple[np.ndarray, Fraction]:
    """[channels, n] and the first sample's moment."""
    with av.open(str(path)) as container:
        frames = list(container.decode(audio=index))
    arrays = [frame.to_ndarray() for frame in frames]
    channels = frames[0].layout.nb_channels
    planar = [array if frames[0].format.is_planar else array.reshape(-1, channels).T for array in arrays]
    return np.concatenate(planar, axis=1), frames[0].pts * frames[0].time_base


def _master(source: Path, folder: Path, kept: tuple[int, int] | None = None) -> Path:
    facts = inspect(source)
    start, end = kept or (0, facts.frames)
    segment, target = folder / "segment.mkv", folder / "master.mkv"
    writer.write(read(source, facts, start, end), segment, rate=facts.rate, pixel_aspect=Fraction(1),
                 expected=end - start)
    master.join(source, facts, [segment], target, rate=facts.rate, frames=end - start, kept=kept,
                pixel_aspect=Fraction(1), start_timecode=None)
    return target


@pytest.mark.parametrize("suffix", [".mov", ".ts", ".mp4"])
def test_every_sample_is_carried_and_stays_in_step(tmp_path: Path, suffix: str) -> None:
    pixel_format = "yuv422p10le" if suffix == ".mov" else "yuv420p"
    source = clips.write(tmp_path / f"tone{suffix}", clips.scene(20), pixel_format=pixel_format,
                         sound=clips.Sound(1.5, late=0.2), first_pts=3)
    before, start = _samples(source)
    after, own_start = _samples(_master(source, tmp_path))
    assert hashlib.md5(before.tobytes()).digest() == hashlib.md5(after.tobytes()).digest()
    assert abs((start - inspect(source).first_pts) - own_start) <= Fraction(1, 1000)


@pytest.mark.parametrize("suffix", [".mov", ".mp4"])
def test_a_range_of_frames_has_exactly_its_own_sound(tmp_path: Path, suffix: str) -> None:
    pixel_format = "yuv422p10le" if suffix == ".mov" else "yuv420p"
    source = clips.write(tmp_path / f"tone{suffix}", clips.scene(20), pixel_format=pixel_format,
                         sound=clips.Sound(1.0))
    before, start = _samples(source)
    after, own_start = _samples(_master(source, tmp_path, kept=(5, 15)))
    offset = round((Fraction(5, 25) + inspect(source).first_pts - start) * 48000)
    assert own_start == 0
    assert np.array_equal(after, before[:, offset:offset + 48000 * 10 // 25])


@pytest.mark.footage
@pytest.mark.parametrize("name", ["news_pal_704x576i_tff.ts", "老电影_北京街景_约1920年代.mp4"])
def test_sound_of_real_clips_is_carried_sample_for_sample(footage: Path, tmp_path: Path, name: str) -> None:
    source = footage / "good" / name
    facts = inspect(source)
    segment, target = tmp_path / "segment.mkv", tmp_path / "master.mkv"
    frames = 10
    small = facts.model_copy(update={"frames": frames})
    writer.write(read(source, small), segment, rate=facts.rate, pixel_aspect=Fraction(1), expected=frames)
    master.join(source, small, [segment], target, rate=facts.rate, frames=frames, kept=None, pixel_aspect=Fraction(1),
                start_timecode=None)
    (before, start), (after, own_start) = _samples(source), _samples(target)
    assert np.array_equal(before, after)
    assert abs((start - facts.first_pts) - own_start) <= Fraction(1, 1000)
