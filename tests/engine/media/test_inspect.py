"""What cannot be used is refused in one sentence that names the file."""

from fractions import Fraction
from pathlib import Path

import pytest

from restoration.engine.errors import SourceError
from restoration.engine.media.inspect import inspect
from restoration.engine.media.oddities import on_picture
from restoration.engine.media.reader import read
from tests import clips
from tests.archive import recordings

REFUSED = {
    "空文件.mp4": "is empty", "random_bytes.mkv": "not a video", "corrupt_ipma.avif": "not a video",
    "photo_named.mp4": "is a picture", "moov_only.mp4": "No picture", "encrypted_no_key.mp4": "encrypted",
    "huge_header.y4m": "header is damaged",
}
WORKING = {
    "webm_named_as.mp4": (107, "Its name says .mp4"), "size_field_extended_one_frame.mov": (1, ""),
    "truncated_35pct.mp4": (68, "ends early"), "damaged_edit_list.mp4": (100, "starts at 5.000 s"),
}


@pytest.mark.footage
@pytest.mark.parametrize("name", REFUSED)
def test_a_bad_file_is_refused_in_one_sentence_with_its_name(footage: Path, name: str) -> None:
    with pytest.raises(SourceError) as refusal:
        inspect(footage / "bad" / name)
    sentence = str(refusal.value)
    assert REFUSED[name] in sentence
    assert name in sentence
    assert "\n" not in sentence


@pytest.mark.footage
@pytest.mark.parametrize("name", WORKING)
def test_an_odd_file_is_read_and_remarked_on(footage: Path, name: str) -> None:
    frames, remark = WORKING[name]
    facts = inspect(footage / "bad" / name)
    assert facts.frames == frames
    assert remark in " ".join(str(each) for each in facts.remarks)
    last = list(read(footage / "bad" / name, facts, frames - 1))
    assert [frame.number for frame in last] == [frames - 1]


@pytest.mark.footage
@pytest.mark.parametrize(("name", "rate", "size", "aspect", "scan"), [
    ("news_pal_704x576i_tff.ts", Fraction(25), (704, 576), Fraction(16, 11), "interlaced"),
    ("MADE_telecine_480i_from_dog.mpg", Fraction(30000, 1001), (720, 480), Fraction(32, 27), "interlaced"),
    ("dog_park_720p30.mp4", Fraction(30000, 1001), (1280, 720), Fraction(1), "progressive"),
    ("old_film_sf_earthquake_1906.mkv", Fraction(16), (480, 368), Fraction(1), "progressive"),
    ("老电影_北京街景_约1920年代.mp4", Fraction(30), (472, 360), Fraction(1), "progressive"),
])
def test_the_real_clips_are_what_their_list_says(footage: Path, name: str, rate: Fraction, size: tuple[int, int],
                                                 aspect: Fraction, scan: str) -> None:
    facts = inspect(footage / "good" / name)
    assert (facts.rate, (facts.width, facts.height), facts.pixel_aspect, facts.scan) == (rate, size, aspect, scan)


@pytest.mark.footage
def test_of_two_pictures_the_larger_is_used_and_said(footage: Path) -> None:
    facts = inspect(footage / "good" / "dark_nasa_webb_13s.mp4")
    assert (facts.width, facts.height) == (480, 270)
    assert "holds 2 pictures" in str(facts.remarks[0])


def test_a_missing_file_and_a_folder_are_refused(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match=r"no file “nothing\.mkv”"):
        inspect(tmp_path / "nothing.mkv")
    with pytest.raises(SourceError, match="is a folder"):
        inspect(tmp_path)


def test_sound_alone_is_refused(tmp_path: Path) -> None:
    import av
    import numpy as np

    path = tmp_path / "sound.mkv"
    with av.open(str(path), "w") as container:
        stream = container.add_stream("pcm_s16le", rate=48000)
        frame = av.AudioFrame.from_ndarray(np.zeros((1, 2048), np.int16), format="s16", layout="stereo")
        frame.rate = 48000
        container.mux(stream.encode(frame))
        container.mux(stream.encode())
    with pytest.raises(SourceError, match=r"“sound\.mkv” has no picture, only audio"):
        inspect(path)


@pytest.mark.parametrize("size", [(65, 47), (1, 1), (17, 96)])
def test_odd_sizes_are_read_whole(tmp_path: Path, size: tuple[int, int]) -> None:
    source = clips.write(tmp_path / "odd.mkv", clips.even(3, size, 0.5))
    facts = inspect(source)
    assert (facts.width, facts.height, facts.frames) == (*size, 3)
    assert next(read(source, facts)).planes.shape == (3, size[1], size[0])


@pytest.mark.parametrize(("size", "rate", "matrix"), [((720, 480), clips.NTSC, "smpte170m"),
                                                      ((720, 576), Fraction(25), "bt470bg"),
                                                      ((1280, 720), Fraction(25), "bt709")])
def test_untagged_colour_is_what_the_raster_implies(tmp_path: Path, size: tuple[int, int], rate: Fraction,
                                                    matrix: str) -> None:
    assert inspect(clips.write(tmp_path / "plain.mkv", clips.even(1, size, 0.5), rate)).matrix == matrix


def test_sound_longer_than_the_picture_is_said(tmp_path: Path) -> None:
    source = clips.write(tmp_path / "long.mov", clips.even(5, luma=0.5), pixel_format="yuv422p10le",
                         sound=clips.Sound(3.0))
    assert "sound goes on for 2.8 s" in " ".join(str(remark) for remark in inspect(source).remarks)


def test_the_start_timecode_is_found(tmp_path: Path) -> None:
    source = clips.write(tmp_path / "tape.mov", clips.even(3, luma=0.5), clips.NTSC, pixel_format="yuv422p10le",
                         timecode="01:00:00;02")
    facts = inspect(source)
    assert (facts.start_timecode, facts.drop_frame) == ("01:00:00;02", True)


def test_the_timecode_of_the_first_group_of_pictures_is_found_unless_nobody_set_it(tmp_path: Path) -> None:
    source = clips.write(tmp_path / "tape.mpg", clips.even(3, luma=0.5), clips.NTSC)
    recordings.label_group(source, hours=0, minutes=0, seconds=0, pictures=0)
    assert inspect(source).start_timecode is None
    recordings.label_group(source, hours=1, minutes=0, seconds=0, pictures=2, drops=True)
    facts = inspect(source)
    assert (facts.start_timecode, facts.drop_frame) == ("01:00:00;02", True)


def test_one_damaged_time_stamp_does_not_make_a_recording_of_years(tmp_path: Path) -> None:
    source = clips.write(tmp_path / "stamp.mkv", clips.scene(4, (64, 48)), ticks=[0, 1, 2, 250_000_000])
    with pytest.raises(SourceError, match=r"“stamp\.mkv” spreads 4 pictures over 2778 hours"):
        inspect(source)


def test_a_long_pause_between_two_pictures_is_no_damage(tmp_path: Path) -> None:
    source = clips.write(tmp_path / "pause.mkv", clips.scene(4, (64, 48)), ticks=[0, 1, 2, 2500])
    assert inspect(source).frames == 2501


def test_a_list_of_files_is_never_followed(tmp_path: Path) -> None:
    clips.write(tmp_path / "other.mkv", clips.scene(2, (64, 48)))
    listed = tmp_path / "tape.mov"
    listed.write_text("ffconcat version 1.0\nfile other.mkv\n")
    with pytest.raises(SourceError, match=r"“tape\.mov” is not a video"):
        inspect(listed)


def test_the_engine_opens_what_the_archive_takes_in() -> None:
    from archive import containers
    from restoration.engine.media.reader import ONLY_RECORDINGS

    assert ONLY_RECORDINGS == containers.OPTIONS


def test_a_sound_of_unknown_kind_is_said_and_the_picture_stays_usable(tmp_path: Path) -> None:
    source = clips.write(tmp_path / "tape.mov", clips.scene(3, (64, 48)), pixel_format="yuv422p10le",
                         sound=clips.Sound(0.2))
    # A wrapper may name a codec that no decoder knows; here its four letters are made unknown.
    source.write_bytes(source.read_bytes().replace(b"sowt", b"zzzz"))
    facts = inspect(source)
    assert facts.frames == 3
    assert "Sound stream 1 is of a kind that is not known here" in " ".join(str(each) for each in facts.remarks)


@pytest.mark.parametrize(("stored", "order"), [(1, "tff"), (6, "bff"), (9, "bff"), (14, "tff")])
def test_the_order_in_which_fields_are_shown_counts_not_that_in_which_they_are_stored(tmp_path: Path, stored: int,
                                                                                     order: str) -> None:
    source = clips.write(tmp_path / "tape.mov", clips.scene(3, (64, 48)), clips.NTSC, pixel_format="yuv422p10le",
                         fields="tff")
    bytes_ = source.read_bytes()
    assert b"fiel\x02\x01" in bytes_ or b"fiel\x02\x09" in bytes_
    source.write_bytes(bytes_.replace(b"fiel\x02\x01", b"fiel\x02" + bytes([stored]))
                       .replace(b"fiel\x02\x09", b"fiel\x02" + bytes([stored])))
    assert inspect(source).field_order == order


@pytest.mark.parametrize(("transfer", "said"), [
    ("smpte2084", ["Its range is wide (PQ)."]), ("arib-std-b67", ["Its range is wide (HLG)."]), ("bt709", [])])
def test_a_wide_range_is_remarked_on(transfer: str, said: list[str]) -> None:
    remarks = [str(each) for each in on_picture(96, 64, 5, transfer=transfer)]
    assert len(remarks) == len(said)
    assert all(remark.startswith(words) for remark, words in zip(remarks, said, strict=True))
