"""What a probe says of recordings good and bad."""

from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from archive import upright
from archive.containers import open_recording
from archive.models import EssenceTrack
from archive.probe import ProbeError, ProbeResult, TrackFacts, probe
from archive.probe.facts import LONGEST_TEXT
from archive.probe.streams import exact_rate, ratio_text
from restoration.engine.media import upright as restored_upright
from tests import clips
from tests.archive import recordings


def said(result: ProbeResult) -> str:
    return " ".join(str(remark) for remark in result.remarks)


def test_a_recording_is_described_exactly(tmp_path: Path) -> None:
    path = recordings.record(tmp_path / "a.mkv", codec="libx264", pixel_format="yuv420p", sound_seconds=0.4,
                             pixel_aspect=Fraction(8, 9))
    found = probe(path, name="a.mkv")
    picture, sound = found.tracks
    assert (found.wrapper, picture.codec, picture.width, picture.height) == ("Matroska", "h264", 96, 64)
    assert (picture.rate, picture.frames, picture.pixel_aspect, picture.display_aspect) == (
        Fraction(30000, 1001), 12, "8:9", "4:3")
    assert (picture.bit_depth, picture.pixel_format, picture.is_variable_rate) == (8, "yuv420p", False)
    assert (sound.kind, sound.codec, sound.sample_rate, sound.channels) == ("sound", "pcm_s16le", 48000, 2)
    assert not found.remarks


@pytest.mark.parametrize(("name", "options", "remark"), [
    ("b.mp4", {"format": "matroska"}, "ends in .mp4, but it is really Matroska"),
    ("b.mkv", {"uneven": True, "frames": 30}, "uneven times"),
    ("b.mkv", {"first": 15}, "first picture comes at 0.501 s"),
    ("b.mkv", {"sound_seconds": 1.5}, "sound goes on for 1.1"),
    ("b.mkv", {"size": (97, 65)}, "97×65, an odd size"),
    ("b.mkv", {"frames": 1}, "one single frame"),
])
def test_what_is_odd_is_taken_with_one_remark(tmp_path: Path, name: str, options: dict[str, Any], remark: str) -> None:
    found = probe(recordings.record(tmp_path / name, **options), name=name)
    assert remark in said(found)
    assert len(found.remarks) == 1


@pytest.mark.parametrize(("turned", "is_mirrored", "shape", "remark"), [
    (90, False, "2:3", "by 90° anticlockwise; what is made for viewing stands upright"),
    (180, False, "3:2", "by 180° anticlockwise; what is made for viewing stands upright"),
    (0, True, "3:2", "exchange left and right of its picture; what is made for viewing has them exchanged"),
    (270, True, "2:3", "by 270° anticlockwise and then to exchange left and right"),
    (45, False, "3:2", "by 45°; what is made for viewing lies as it was coded"),
])
def test_a_turned_camera_is_told_with_the_shape_that_is_shown(tmp_path: Path, turned: int, is_mirrored: bool,
                                                              shape: str, remark: str) -> None:
    path = clips.write(tmp_path / "phone.mp4", clips.scene(3, (96, 64)), turned=turned, is_mirrored=is_mirrored)
    found = probe(path, name="phone.mp4")
    assert (found.picture.width, found.picture.height, found.picture.display_aspect) == (96, 64, shape)
    assert remark in said(found)
    assert len(found.remarks) == 1


def test_the_archive_and_the_engine_turn_alike(tmp_path: Path) -> None:
    for number, (turned, is_mirrored) in enumerate([(0, False), (90, False), (180, True), (270, True), (45, False)]):
        path = clips.write(tmp_path / f"{number}.mov", clips.scene(1, (96, 64)), pixel_format="yuv422p10le",
                           turned=turned, is_mirrored=is_mirrored)
        with open_recording(path) as container:
            frame = next(container.decode(video=0))
        shown, restored = upright.asked_of(frame), restored_upright.asked_of(frame)
        assert (shown.degrees, shown.is_mirrored) == (restored.degrees, restored.is_mirrored) == (turned, is_mirrored)


@pytest.mark.parametrize(("name", "codec", "pixel_format"), [
    ("a.mkv", "ffv1", "yuv444p"), ("a.mov", "mpeg4", "yuv420p"), ("a.mp4", "mpeg4", "yuv420p"),
    ("a.mxf", "mpeg2video", "yuv420p"), ("a.avi", "mpeg4", "yuv420p"),
])
def test_the_start_timecode_is_read_wherever_a_wrapper_keeps_it(tmp_path: Path, name: str, codec: str,
                                                                pixel_format: str) -> None:
    path = recordings.record(tmp_path / name, codec=codec, pixel_format=pixel_format, timecode="10:00:00;12")
    assert probe(path, name=name).start_timecode == "10:00:00;12"
    unlabelled = recordings.record(tmp_path / f"unlabelled {name}", codec=codec, pixel_format=pixel_format)
    assert probe(unlabelled, name=name).start_timecode in ("", "00:00:00:00")


@pytest.mark.parametrize("name", ["a.m2v", "a.mpg", "a.ts"])
def test_the_timecode_of_the_first_group_of_pictures_is_read_unless_nobody_set_it(tmp_path: Path, name: str) -> None:
    path = recordings.record(tmp_path / name, codec="mpeg2video", pixel_format="yuv420p")
    recordings.label_group(path, hours=0, minutes=0, seconds=0, pictures=0)
    assert probe(path, name=name).start_timecode == ""
    recordings.label_group(path, hours=9, minutes=58, seconds=30, pictures=7)
    assert probe(path, name=name).start_timecode == "09:58:30:07"
    recordings.label_group(path, hours=9, minutes=58, seconds=30, pictures=7, drops=True)
    assert probe(path, name=name).start_timecode == "09:58:30;07"
    recordings.label_group(path, hours=9, minutes=62, seconds=30, pictures=7)
    assert probe(path, name=name).start_timecode == ""


def test_a_truncated_recording_is_taken_with_a_remark_while_a_part_decodes(tmp_path: Path) -> None:
    whole = recordings.record(tmp_path / "whole.avi", frames=30).read_bytes()
    part = tmp_path / "part.avi"
    part.write_bytes(whole[:len(whole) // 2])
    assert "of the 30 frames its header promises" in said(probe(part, name="part.avi"))


def test_each_refusal_is_one_sentence_that_names_the_file(tmp_path: Path) -> None:
    empty, noise, folder = tmp_path / "空.mp4", tmp_path / "noise.mkv", tmp_path / "folder.mov"
    empty.touch()
    noise.write_bytes(b"not a video at all" * 100)
    folder.mkdir()
    huge = tmp_path / "huge.y4m"
    huge.write_bytes(b"YUV4MPEG2 W40000 H40000 F25:1 C420\nFRAME\n" + bytes(1000))
    cases = {empty: "is empty", noise: "is not a video", folder: "is not a file",
             tmp_path / "gone.mov": "There is no file",
             recordings.sound_only(tmp_path / "sound.wav"): "no moving picture, only: audio", huge: "40000×40000",
             recordings.record(tmp_path / "photo.mp4", codec="png", pixel_format="rgb24", format="image2", frames=1):
                 "is a picture"}
    for path, words in cases.items():
        with pytest.raises(ProbeError) as refusal:
            probe(path, name=path.name)
        assert words in str(refusal.value)
        assert path.name in str(refusal.value)


def test_a_playlist_cannot_make_us_read_another_file(tmp_path: Path) -> None:
    secret = recordings.record(tmp_path / "secret.ts", codec="mpeg2video", pixel_format="yuv420p")
    playlist = tmp_path / "list.m3u8"
    playlist.write_text(f"#EXTM3U\n#EXT-X-TARGETDURATION:1\n#EXTINF:1,\nfile://{secret}\n#EXT-X-ENDLIST\n")
    with pytest.raises(ProbeError, match="not a video"):
        probe(playlist, name="list.m3u8")


def test_reading_stops_at_its_limit_of_memory(settings: Any, tmp_path: Path) -> None:
    path = recordings.record(tmp_path / "wide.avi", size=(8192, 4096), frames=1, codec="rawvideo",
                             pixel_format="yuv420p")
    settings.PROBE_MEMORY_BYTES = 150 * 1024**2
    with pytest.raises(ProbeError, match=r"wide\.avi"):
        probe(path, name="wide.avi")


def test_reading_stops_at_its_limit_of_time(settings: Any, tmp_path: Path) -> None:
    path = recordings.record(tmp_path / "slow.mkv")
    settings.PROBE_SECONDS = 0
    with pytest.raises(ProbeError, match="could not be read within 0 s"):
        probe(path, name="slow.mkv")


def test_a_length_that_no_recording_has_is_refused_in_one_sentence(tmp_path: Path) -> None:
    path = recordings.record(tmp_path / "ages.mkv", frames=3, rate=Fraction(25), last=25 * 10**9)
    with pytest.raises(ProbeError, match=r"“ages\.mkv” claims to last 1000000000 s"):
        probe(path, name="ages.mkv")


def test_every_text_a_probe_finds_fits_the_column_it_goes_to() -> None:
    columns = {column.name: column.max_length for column in EssenceTrack._meta.fields
               if column.max_length and column.name in TrackFacts.__dataclass_fields__}
    assert {name: LONGEST_TEXT.get(name) for name in columns} == columns


@pytest.mark.parametrize(("ratio", "text"), [
    (Fraction(16, 11), "16:11"), (Fraction(2147483647, 2147483646), "1:1"),
    (Fraction(1000000007, 2147483647000), "1:99"), (Fraction(2147483647 * 16384, 2147483629), "16384:1")])
def test_an_absurd_ratio_is_written_as_the_nearest_short_one(ratio: Fraction, text: str) -> None:
    assert ratio_text(ratio) == text


@pytest.mark.footage
def test_every_real_clip_is_taken_or_refused_in_one_sentence(footage: Path) -> None:
    refused = set()
    for path in sorted(footage.glob("*/*.*")):
        try:
            found = probe(path, name=path.name)
        except ProbeError as error:
            assert path.name in str(error)
            refused.add(path.name)
        else:
            assert found.picture.width
            assert found.picture.rate
    bad = {"corrupt_ipma.avif", "encrypted_no_key.mp4", "huge_header.y4m", "moov_only.mp4", "photo_named.mp4",
           "random_bytes.mkv", "空文件.mp4"}
    assert refused == bad | {path.name for path in (footage / "old_photos").iterdir()}


@pytest.mark.footage
def test_real_interlaced_clips_say_their_field_order_and_shape(footage: Path) -> None:
    news = probe(footage / "good/news_pal_704x576i_tff.ts", name="news.ts").picture
    assert (news.field_order, news.rate, news.pixel_aspect, news.display_aspect) == ("tff", 25, "16:11", "16:9")
    telecined = probe(footage / "good/MADE_telecine_480i_from_dog.mpg", name="dog.mpg").picture
    assert (telecined.field_order, telecined.frames, telecined.color_matrix) == ("tff", 120, "bt709")


@pytest.mark.parametrize(("inferred", "rate"), [
    (Fraction(19001, 317), Fraction(60000, 1001)), (Fraction(60), Fraction(60)), (Fraction(30000, 1001),) * 2,
    (Fraction(15), Fraction(15)), (Fraction(2397, 100), Fraction(2397, 100)), (None, None)])
def test_a_rate_inferred_from_the_times_of_a_short_file_is_the_one_in_use(
        inferred: Fraction | None, rate: Fraction | None) -> None:
    assert exact_rate(inferred) == rate
