"""What one looks at instead of the file itself."""

import json
from fractions import Fraction
from itertools import pairwise
from pathlib import Path

import av
import pytest
from PIL import Image, ImageStat

from archive import jobs
from archive.actions import ingest
from archive.models import MediaFile, User
from archive.previews import PreviewError, make_previews
from archive.storage import derivative_path, holding_path, preview_key
from tests import clips, factories
from tests.archive import recordings


def size_of(path: Path) -> tuple[int, int]:
    with Image.open(path) as image:
        return image.size


def test_a_recording_gets_all_four(tmp_path: Path) -> None:
    source = recordings.record(tmp_path / "a.mkv", frames=30, codec="libx264", pixel_format="yuv420p",
                               sound_seconds=1.0, pixel_aspect=Fraction(8, 9))
    made = make_previews(source, tmp_path / "previews" / "a")
    folder = tmp_path / "previews" / "a"
    assert {path.name for path in folder.iterdir()} == {"poster.jpg", "filmstrip.jpg", "waveform.json", "proxy.mp4"}
    assert [path.name for path in folder.parent.iterdir()] == ["a"]
    assert (made["frames"], made["width"], made["height"]) == (30, 86, 64)
    assert size_of(folder / "poster.jpg") == (86, 64)
    assert size_of(folder / "filmstrip.jpg") == (145 * 12, 108)
    waveform = json.loads((folder / "waveform.json").read_text())
    assert max(waveform["peaks"]) == pytest.approx(12000 / 32768, abs=0.01)


def test_the_proxy_can_be_seeked_to_any_frame(tmp_path: Path) -> None:
    make_previews(recordings.record(tmp_path / "a.mkv", frames=30, first=15, sound_seconds=1.0), tmp_path / "previews")
    with av.open(str(tmp_path / "previews/proxy.mp4")) as proxy:
        picture, sound = proxy.streams.video[0], proxy.streams.audio[0]
        assert (picture.codec_context.name, sound.codec_context.name, picture.codec_context.pix_fmt) == (
            "h264", "aac", "yuv420p")
        packets = [packet for packet in proxy.demux(picture) if packet.size]
        assert packets[0].pts == packets[0].dts == 0
        keys = [number for number, packet in enumerate(packets) if packet.is_keyframe]
        assert max(after - before for before, after in pairwise(keys)) <= 12
        assert len(packets) == 30
        assert picture.average_rate == Fraction(30000, 1001)
    whole = (tmp_path / "previews/proxy.mp4").read_bytes()
    assert whole.index(b"moov") < whole.index(b"mdat")


def test_the_poster_is_not_the_black_beginning(tmp_path: Path) -> None:
    make_previews(recordings.record(tmp_path / "a.mkv", frames=24, black=14), tmp_path / "previews")
    assert ImageStat.Stat(Image.open(tmp_path / "previews/poster.jpg").convert("L")).mean[0] > 60


@pytest.mark.parametrize(("frames", "size"), [(1, (96, 64)), (3, (97, 65)), (2, (2, 2)), (5, (16, 720))])
def test_odd_sizes_and_single_frames_are_shown_too(tmp_path: Path, frames: int, size: tuple[int, int]) -> None:
    source = recordings.record(tmp_path / "a.mkv", frames=frames, size=size)
    assert make_previews(source, tmp_path / "previews")["frames"] == frames
    assert size_of(tmp_path / "previews/filmstrip.jpg")[1] == 108


def test_interlaced_frames_are_shown_whole(tmp_path: Path, footage: Path) -> None:
    make_previews(footage / "good/news_pal_704x576i_tff.ts", tmp_path / "previews")
    with av.open(str(tmp_path / "previews/proxy.mp4")) as proxy:
        assert not next(proxy.decode(video=0)).interlaced_frame
    assert size_of(tmp_path / "previews/poster.jpg") == (1024, 576)


@pytest.mark.parametrize(("turned", "is_mirrored"), [(90, False), (180, False), (270, False), (0, True), (90, True)])
def test_what_a_turned_camera_coded_lying_is_shown_upright(tmp_path: Path, turned: int, is_mirrored: bool) -> None:
    upright = clips.numbered(clips.scene(5, (64, 96)))
    source = clips.write(tmp_path / "phone.mp4", clips.lying(upright, turned, is_mirrored=is_mirrored),
                         pixel_aspect=Fraction(4, 5) if turned % 180 else Fraction(5, 4), turned=turned,
                         is_mirrored=is_mirrored)
    made = make_previews(source, tmp_path / "previews")
    assert (made["width"], made["height"]) == size_of(tmp_path / "previews/poster.jpg") == (80, 96)
    shown = list(clips.luma_of(tmp_path / "previews/proxy.mp4"))
    assert [clips.number_of(luma.expand(3, -1, -1)) for luma in shown] == [0, 1, 2, 3, 4]
    assert size_of(tmp_path / "previews/filmstrip.jpg") == (90 * 12, 108)
    with av.open(str(tmp_path / "previews/proxy.mp4")) as proxy:
        assert next(proxy.decode(video=0)).rotation == 0


def test_fields_of_a_turned_camera_become_whole_frames_and_then_stand_upright(tmp_path: Path) -> None:
    moments = clips.scene(20, (96, 64), speed=(6, 0))
    source = clips.write(tmp_path / "camera.mov", clips.interlace(moments, "bff"), clips.NTSC, codec="mpeg2video",
                         pixel_format="yuv420p", fields="bff", turned=90)
    make_previews(source, tmp_path / "previews")
    upright = moments.rot90(1, (-2, -1))[::2, 0]
    for shown, moment in zip(clips.luma_of(tmp_path / "previews/proxy.mp4"), upright, strict=True):
        assert (shown - moment).abs().mean() < 0.03, "the other field's moment is nowhere in it"


def test_a_picture_turned_by_no_quarter_is_shown_as_it_was_coded(tmp_path: Path) -> None:
    source = clips.write(tmp_path / "slanted.mp4", clips.numbered(clips.scene(2, (96, 64))), turned=45)
    assert make_previews(source, tmp_path / "previews")["width"] == 96


def test_what_does_not_decode_leaves_nothing(tmp_path: Path, footage: Path) -> None:
    with pytest.raises(PreviewError):
        make_previews(footage / "bad/encrypted_no_key.mp4", tmp_path / "previews" / "a")
    assert not list((tmp_path / "previews").iterdir())


def test_the_job_shows_the_asset_its_first_poster_and_may_run_twice(ada: User, tmp_path: Path) -> None:
    media_file = ingest.ingest(recordings.record(tmp_path / "a.mkv"), by=ada, asset=factories.AssetFactory())
    jobs.make_previews(str(media_file.pk))
    jobs.make_previews(str(media_file.pk))
    media_file.refresh_from_db()
    assert (media_file.preview_state, media_file.preview_error) == ("ready", "")
    assert media_file.instantiation.asset.poster_file == media_file
    assert derivative_path(preview_key(media_file, "poster.jpg")).exists()


def test_a_file_that_is_gone_is_told_in_a_sentence(ada: User, tmp_path: Path) -> None:
    media_file = ingest.ingest(recordings.record(tmp_path / "a.mkv"), by=ada, asset=factories.AssetFactory())
    holding_path(media_file).unlink()
    jobs.make_previews(str(media_file.pk))
    media_file = MediaFile.objects.get()
    assert (media_file.preview_state, media_file.preview_error) == (
        "failed", "The file is missing from where it should lie.")
