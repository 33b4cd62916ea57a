import os
from fractions import Fraction
from pathlib import Path
from typing import Any

import av
import pytest
import torch

from restoration.engine.encoding import contract, pair_reel
from restoration.engine.errors import Cancelled, DiskFullError, EncodingError
from restoration.engine.media.inspect import inspect
from restoration.engine.settings import FieldsSettings, RetimeSettings, Settings, UpscaleSettings
from tests import clips
from tests.engine.encoding.moments import gray, marked

FIELDS = Settings(fields=FieldsSettings(method="frames", order="bff"))
SIDE = 96


def _reel(folder: Path, *, frames: int = 8, first_frame: int = 0, fields: bool = True, late: float | None = None,
          ) -> tuple[Path, pair_reel.PairReelFacts]:
    """A pair reel of numbered moments: source frames carry two each, or one."""
    per_frame = 2 if fields else 1
    moments = marked(clips.scene(per_frame * (frames + first_frame), (128, 96)))
    recorded = clips.interlace(moments, "bff") if fields else moments
    sound = clips.Sound(seconds=0.6, late=late) if late is not None else None
    source = clips.write(folder / "source.mkv", recorded, clips.NTSC, fields="bff" if fields else None, sound=sound)
    master = clips.write(folder / "master.mkv", moments[per_frame * first_frame:], per_frame * clips.NTSC)
    made = pair_reel.render(source, master, folder / "pair.mp4", facts=inspect(source),
                            settings=FIELDS if fields else Settings(), first_frame=first_frame, side_height=SIDE)
    return folder / "pair.mp4", made


def _numbers(reel: Path, width: int) -> list[tuple[int, int]]:
    whole = [torch.stack([luma] * 3) for luma in clips.luma_of(reel)]
    return [(clips.number_of(luma[..., :width]), clips.number_of(luma[..., width:])) for luma in whole]


@pytest.mark.parametrize("first_frame", [0, 1, 5])
def test_both_halves_of_every_frame_show_the_same_moment(tmp_path: Path, first_frame: int) -> None:
    reel, made = _reel(tmp_path, first_frame=first_frame, frames=5)
    assert _numbers(reel, made.side_width) == [(gray(number), gray(number))
                                               for number in range(2 * first_frame, 2 * first_frame + 10)]
    assert made.frame_map == "fields" and made.rate == 2 * clips.NTSC


def test_a_version_that_keeps_its_frames_is_shown_frame_for_frame(tmp_path: Path) -> None:
    reel, made = _reel(tmp_path, fields=False, first_frame=3)
    assert _numbers(reel, made.side_width) == [(gray(number), gray(number)) for number in range(3, 11)]
    assert made.frame_map == "identity" and made.rate == clips.NTSC


@pytest.mark.parametrize(("rate", "times", "shown"), [
    ("double", Fraction(2), [1, 1, 2, 2, 3, 3]), ("five for two", Fraction(5, 2), [1, 1, 2, 2, 3])])
def test_beside_frames_in_between_stands_the_frame_that_was_on(tmp_path: Path, rate: str, times: Fraction,
                                                               shown: list[int]) -> None:
    film = clips.numbered(clips.scene(4, (128, 96)))
    source = clips.write(tmp_path / "source.mkv", film, Fraction(24))
    master = clips.write(tmp_path / "master.mkv", clips.scene(len(shown), (128, 96)), 24 * times)
    settings = Settings(retime=RetimeSettings.model_validate({"rate": rate}))
    made = pair_reel.render(source, master, tmp_path / "pair.mp4", facts=inspect(source), settings=settings,
                            first_frame=1, side_height=SIDE)
    numbers = [left for left, _ in _numbers(tmp_path / "pair.mp4", made.side_width)]
    assert numbers == shown and made.frame_map == rate


def test_the_original_lies_exactly_under_a_master_that_left_out_the_blanking(tmp_path: Path) -> None:
    columns = torch.arange(720).expand(480, 720)
    edges = ((columns - 8) // 88 % 2).float() * 0.6 + 0.2
    recorded = torch.stack([edges, torch.full_like(edges, 0), torch.full_like(edges, 0)]).expand(2, 3, 480, 720)
    source = clips.write(tmp_path / "source.mkv", recorded, clips.NTSC)
    facts = inspect(source).model_copy(update={"pixel_aspect": Fraction(10, 11)})
    settings = Settings(upscale=UpscaleSettings(height=960))
    shown = torch.nn.functional.interpolate(recorded[..., 8:712], size=(960, 1280), mode="nearest")
    master = clips.write(tmp_path / "master.mkv", shown, clips.NTSC)
    made = pair_reel.render(source, master, tmp_path / "pair.mp4", facts=facts, settings=settings)
    luma = next(iter(clips.luma_of(tmp_path / "pair.mp4")))
    original, restored = luma[:, :made.side_width], luma[:, made.side_width:]
    assert (original > 0.5).eq(restored > 0.5).float().mean() > 0.99


def test_sound_that_begins_late_begins_late_in_the_pair_reel(tmp_path: Path) -> None:
    reel, made = _reel(tmp_path, frames=20, late=0.2)
    assert made.has_sound
    with av.open(str(reel)) as container:
        heard = [(frame.time, abs(frame.to_ndarray()).max()) for frame in container.decode(audio=0)]
    first = next(time for time, loudness in heard if loudness > 0.05)
    assert abs(first - 0.2) < 0.035
    assert heard[-1][0] < made.frames / made.rate


def test_a_source_shorter_than_its_master_is_refused_and_nothing_is_left(tmp_path: Path) -> None:
    source = clips.write(tmp_path / "source.mkv", clips.scene(4))
    master = clips.write(tmp_path / "master.mkv", clips.scene(6))
    with pytest.raises(EncodingError, match="6 frames, but only 4"):
        pair_reel.render(source, master, tmp_path / "pair.mp4", facts=inspect(source), settings=Settings())
    assert sorted(path.name for path in tmp_path.iterdir()) == ["master.mkv", "source.mkv"]


def test_a_stop_leaves_nothing_behind(tmp_path: Path) -> None:
    source = clips.write(tmp_path / "source.mkv", clips.scene(4))
    with pytest.raises(Cancelled):
        pair_reel.render(source, source, tmp_path / "pair.mp4", facts=inspect(source), settings=Settings(),
                         is_cancelled=lambda: True)
    assert [path.name for path in tmp_path.iterdir()] == ["source.mkv"]


def test_a_full_disk_is_said_and_nothing_is_left(tmp_path: Path) -> None:
    source = clips.write(tmp_path / "source.mkv", clips.scene(4))
    (tmp_path / f".pair.{os.getpid()}.partial.mp4").symlink_to("/dev/full")
    with pytest.raises(DiskFullError, match=r"pair\.mp4"):
        pair_reel.render(source, source, tmp_path / "pair.mp4", facts=inspect(source), settings=Settings())
    assert [path.name for path in tmp_path.iterdir()] == ["source.mkv"]


def test_sides_are_square_pixels_and_never_too_wide() -> None:
    assert pair_reel.side_raster(2880, 2160, Fraction(1)) == (960, 720)
    assert pair_reel.side_raster(704, 480, Fraction(10, 11)) == (960, 720)
    assert pair_reel.side_raster(4096, 858, Fraction(1), 1080) == (2048, 428)


# The contract, each clause broken on purpose ------------------------------------------------------------------------

GOOD = {"preset": "ultrafast", "profile": "high",
        "x264-params": "keyint=6:min-keyint=6:scenecut=0:bframes=0:8x8dct=1:cabac=1"}


def _h264(path: Path, *, params: str = "", pixel_format: str = "yuv420p", tags: int = 1, faststart: bool = True,
          gap: bool = False, codec: str = "libx264", aspect: int = 1, edits: bool = True) -> Path:
    movflags = {"movflags": "+faststart" if faststart else "-faststart", "use_editlist": "1" if edits else "0"}
    options = {**GOOD, "x264-params": f"{GOOD['x264-params']}:{params}"} if codec == "libx264" else {}
    if pixel_format != "yuv420p":
        options.pop("profile", None)
    with av.open(str(path), "w", options=movflags) as container:
        stream: Any = container.add_stream(codec, rate=25, options=options)
        stream.width, stream.height, stream.pix_fmt = 128, 48, pixel_format
        context = stream.codec_context
        context.time_base = Fraction(1, 25)
        context.color_primaries = context.color_trc = context.colorspace = tags
        context.color_range = 1
        context.sample_aspect_ratio = Fraction(aspect)
        for number, planes in enumerate(clips.scene(18, (128, 48))):
            picture = clips.picture(planes, "yuv420p").reformat(format=pixel_format)
            picture.pts, picture.time_base = number + (1 if gap and number > 9 else 0), Fraction(1, 25)
            container.mux(stream.encode(picture))
        container.mux(stream.encode())
    return path


EXPECTED = contract.Contract(frames=18, rate=Fraction(25), side_width=64, side_height=48, has_sound=False)


def test_a_good_file_breaks_no_clause(tmp_path: Path) -> None:
    assert contract.check_contract(_h264(tmp_path / "good.mp4"), EXPECTED) == []


@pytest.mark.parametrize(("broken", "clause"), [
    ({"params": "bframes=2:b-adapt=0"}, "B-frames"),
    ({"params": "keyint=12:min-keyint=12"}, "12 frames; 6 is the most"),
    ({"tags": 6}, "not tagged as limited BT.709"),
    ({"pixel_format": "yuv422p"}, "not H.264 High yuv420p"),
    ({"codec": "mpeg4"}, "not H.264 High yuv420p"),
    ({"faststart": False}, "index is not at the start"),
    ({"params": "bframes=2:b-adapt=0", "edits": False}, "first picture is due at"),
    ({"params": "bframes=2:b-adapt=0"}, "edit list moves"),
    ({"gap": True}, "after the one before"),
    ({"aspect": 2}, "not square"),
])
def test_each_broken_clause_is_named(tmp_path: Path, broken: dict[str, Any], clause: str) -> None:
    assert clause in " ".join(contract.check_contract(_h264(tmp_path / "bad.mp4", **broken), EXPECTED))


@pytest.mark.parametrize(("expected", "clause"), [
    (contract.Contract(19, Fraction(25), 64, 48, False), "18 frames, not 19"),
    (contract.Contract(18, Fraction(30000, 1001), 64, 48, False), "1/(30000/1001) s"),
    (contract.Contract(18, Fraction(25), 32, 48, False), "not twice 32×48"),
    (contract.Contract(18, Fraction(25), 64, 48, True), "it has none"),
])
def test_a_file_that_is_not_the_expected_one_is_named_so(tmp_path: Path, expected: contract.Contract,
                                                         clause: str) -> None:
    assert clause in " ".join(contract.check_contract(_h264(tmp_path / "good.mp4"), expected))
