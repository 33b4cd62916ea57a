import os
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest

from restoration.engine.encoding import renditions, soundtrack
from restoration.engine.encoding.profiles import PROFILES
from restoration.engine.errors import DiskFullError, SettingsError, SourceError
from restoration.engine.media import master, writer
from restoration.engine.media.inspect import inspect
from restoration.engine.media.reader import read
from restoration.engine.progress import Progress
from tests import clips

SOUND = clips.Sound(seconds=0.4)


def _master(folder: Path, **how: object) -> Path:
    return clips.write(folder / "master.mkv", clips.numbered(clips.scene(12)), 2 * clips.NTSC,
                       pixel_format="yuv422p10le", sound=SOUND, timecode="01:00:00;00", **how)  # type: ignore[arg-type]


def _samples(path: Path) -> np.ndarray:
    with av.open(str(path)) as container:
        return np.concatenate([frame.to_ndarray().ravel() for frame in container.decode(audio=0)])


def test_a_mezzanine_is_prores_hq_with_every_frame_every_sample_and_the_timecode(tmp_path: Path) -> None:
    master, target = _master(tmp_path), tmp_path / "mezzanine.mov"
    told: list[Progress] = []
    made = renditions.render("mezzanine", master, target, report=told.append)
    assert (made.codec, made.pixel_format, made.frames, made.rate) == ("prores", "yuv422p10le", 12, 2 * clips.NTSC)
    assert made.timecode == "01:00:00;00"
    assert [clips.number_of(luma.expand(3, -1, -1)) for luma in clips.luma_of(target)] == list(range(12))
    assert np.array_equal(_samples(target), _samples(master))
    assert [progress.done for progress in told] == list(range(1, 13))
    with av.open(str(target)) as container:
        assert container.streams.video[0].codec_context.profile == "HQ"


def test_an_access_copy_is_small_h264_in_bt709_that_starts_fast(tmp_path: Path) -> None:
    master = clips.write(tmp_path / "master.mov", clips.scene(6), clips.NTSC, pixel_format="yuv422p10le",
                         pixel_aspect=Fraction(4, 3), sound=SOUND)
    made = renditions.render("access", master, tmp_path / "access.mp4")
    assert (made.codec, made.pixel_format, made.width, made.height) == ("h264", "yuv420p", 128, 64)
    with av.open(str(tmp_path / "access.mp4")) as container:
        context = container.streams.video[0].codec_context
        assert (context.colorspace, context.color_primaries, context.color_trc, context.color_range) == (1, 1, 1, 1)
        assert container.streams.audio[0].codec_context.name == "aac"
    raw = (tmp_path / "access.mp4").read_bytes()
    assert raw.index(b"moov") < raw.index(b"mdat")


def test_601_numbers_become_709_numbers(tmp_path: Path) -> None:
    clip = clips.even(4, (64, 48), 0.5)
    clip[:, 1], clip[:, 2] = -0.1, 0.3
    clips.write(tmp_path / "master.mkv", clip, clips.NTSC, pixel_format="yuv444p10le")
    renditions.render("access", tmp_path / "master.mkv", tmp_path / "access.mp4")
    with av.open(str(tmp_path / "access.mp4")) as container:
        rgb = next(container.decode(video=0)).reformat(format="rgb24", src_colorspace=1).to_ndarray()[20, 20] / 255
    # R'G'B' by BT.601's matrix, light by SMPTE-C primaries, seen by BT.709's.
    by_601 = np.array([0.5 + 1.402 * 0.3, 0.5 + 0.344 * 0.1 - 0.714 * 0.3, 0.5 - 1.772 * 0.1])
    to_709 = np.array([[0.9395, 0.0502, 0.0103], [0.0178, 0.9658, 0.0164], [-0.0016, -0.0044, 1.0060]])
    assert np.abs(rgb - (to_709 @ by_601**2.2) ** (1 / 2.2)).max() < 0.03


def _master_whose_sound_begins_early(folder: Path) -> Path:
    """Six frames, 0.2 s, whose sound begins 0.2 s before the first of them, as transport streams have it."""
    source = clips.write(folder / "source.mov", clips.scene(6), clips.NTSC, pixel_format="yuv422p10le", sound=SOUND,
                         first_pts=6)
    facts = inspect(source)
    writer.write(read(source, facts), folder / "segment.mkv", rate=facts.rate, pixel_aspect=Fraction(1), expected=6)
    master.join(source, facts, [folder / "segment.mkv"], folder / "master.mkv", rate=facts.rate, frames=6, kept=None,
                pixel_aspect=Fraction(1), start_timecode=None)
    return folder / "master.mkv"


def test_a_mezzanine_drops_the_sound_before_its_picture_and_moves_none(tmp_path: Path) -> None:
    early = _master_whose_sound_begins_early(tmp_path)
    heard = _samples(early)[::2]
    made = renditions.render("mezzanine", early, tmp_path / "mezzanine.mov")
    kept = _samples(tmp_path / "mezzanine.mov")[::2]
    # Matroska counts milliseconds, so the moment of a sample may be half a millisecond off.
    assert abs(len(heard) - len(kept) - round(48000 * 6 * 1001 / 30000)) <= 24
    assert np.array_equal(kept, heard[-len(kept):])
    assert abs(made.sound[0] - (Fraction(len(heard), 48000) - Fraction(6 * 1001, 30000))) <= Fraction(1, 1000)


def test_an_access_copy_drops_the_sound_before_its_picture(tmp_path: Path) -> None:
    early = _master_whose_sound_begins_early(tmp_path)
    with av.open(str(early)) as container:
        frames = list(soundtrack.stereo(container, container.streams.audio[0]))
    heard, kept = _samples(early)[::2] / 32768, np.concatenate([frame.to_ndarray()[0] for frame in frames])
    dropped = len(heard) - len(kept)
    assert frames[0].pts == 0
    assert abs(dropped - round(48000 * 6 * 1001 / 30000)) <= 24
    assert np.abs(kept - heard[dropped:]).max() < 1e-4
    assert renditions.render("access", early, tmp_path / "access.mp4").frames == 6


def test_an_unknown_profile_names_those_there_are(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match=", ".join(PROFILES)):
        renditions.render("cinema", tmp_path / "none.mkv", tmp_path / "none.mov")


def test_a_master_without_picture_is_refused(tmp_path: Path) -> None:
    with av.open(str(tmp_path / "sound.mkv"), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=48000, layout="mono")
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 480), np.int16), format="s16", layout="mono")
        frame.rate = 48000
        container.mux(stream.encode(frame))
    with pytest.raises(SourceError, match="no picture"):
        renditions.render("access", tmp_path / "sound.mkv", tmp_path / "access.mp4")
    assert [path.name for path in tmp_path.iterdir()] == ["sound.mkv"]


@pytest.mark.parametrize("profile", PROFILES)
def test_a_full_disk_is_said_and_nothing_is_left(tmp_path: Path, profile: str) -> None:
    master, target = _master(tmp_path), tmp_path / f"made{PROFILES[profile].suffix}"
    (tmp_path / f".made.{os.getpid()}.partial{target.suffix}").symlink_to("/dev/full")
    with pytest.raises(DiskFullError, match=target.name):
        renditions.render(profile, master, target)
    assert [path.name for path in tmp_path.iterdir()] == ["master.mkv"]


@pytest.mark.parametrize("hole", [0.04, 1.5])
def test_a_hole_in_the_sound_stays_a_hole_and_what_follows_stays_in_step(tmp_path: Path, hole: float) -> None:
    gapped = tmp_path / "gapped.mkv"
    with av.open(str(gapped), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=48000, layout="mono")
        for index in range(4):
            samples = np.full((1, 4800), 100 * (index + 1), np.int16)
            frame = av.AudioFrame.from_ndarray(samples, format="s16", layout="mono")
            frame.sample_rate, frame.time_base = 48000, Fraction(1, 48000)
            frame.pts = 4800 * index + (round(48000 * hole) if index >= 2 else 0)
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    with av.open(str(gapped)) as container:
        frames = list(soundtrack.exact(container, container.streams.audio[0], "s16"))
    played = np.concatenate([frame.to_ndarray().ravel() for frame in frames])
    assert [frame.pts for frame in frames] == list(np.cumsum([0, *(frame.samples for frame in frames)])[:-1])
    silent = played[9600:9600 + round(48000 * hole)]
    assert not silent.any()
    assert played[9600 + round(48000 * hole)] == 300
    assert len(played) == 4 * 4800 + round(48000 * hole)
