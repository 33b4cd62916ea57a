import io
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from PIL import Image

from restoration.engine.encoding import stills
from restoration.engine.errors import SourceError
from restoration.engine.media.inspect import inspect
from restoration.engine.media.reader import read
from restoration.engine.settings import FieldsSettings, Settings
from tests import clips
from tests.engine.encoding.moments import gray, marked

FIELDS = Settings(fields=FieldsSettings(method="frames", order="tff"))


def _number(png: bytes) -> int:
    grey = np.asarray(Image.open(io.BytesIO(png)).convert("L"), np.float32) / 255
    return clips.number_of(torch.from_numpy(grey).expand(3, -1, -1))


@pytest.mark.parametrize("suffix", [".mkv", ".mp4"])
def test_a_still_of_a_master_is_exactly_that_frame(tmp_path: Path, suffix: str) -> None:
    master = clips.write(tmp_path / f"master{suffix}", clips.numbered(clips.scene(40, (128, 96))), 2 * clips.NTSC)
    assert [_number(stills.still_of_master(master, frame)) for frame in (0, 1, 17, 39)] == [0, 1, 17, 39]


@pytest.mark.parametrize("first_frame", [0, 4])
def test_a_still_of_an_interlaced_source_is_the_field_of_that_moment(tmp_path: Path, first_frame: int) -> None:
    moments = marked(clips.scene(24, (128, 96)))
    source = clips.write(tmp_path / "source.mkv", clips.interlace(moments, "tff"), clips.NTSC, fields="tff")
    shown = [_number(stills.still_of_source(source, frame, facts=inspect(source), settings=FIELDS,
                                            first_frame=first_frame)) for frame in (0, 1, 6, 15)]
    assert shown == [gray(frame + 2 * first_frame) for frame in (0, 1, 6, 15)]


def test_white_and_black_keep_their_values_and_the_asked_size(tmp_path: Path) -> None:
    for luma, value in ((0.0, 0), (1.0, 255)):
        master = clips.write(tmp_path / f"{value}.mkv", clips.even(2, luma=luma))
        picture = Image.open(io.BytesIO(stills.still_of_master(master, 1, size=(48, 32))))
        assert picture.size == (48, 32) and picture.getextrema() == ((value, value),) * 3


def test_a_frame_beyond_the_end_is_refused_in_a_sentence(tmp_path: Path) -> None:
    master = clips.write(tmp_path / "master.mkv", clips.scene(3))
    with pytest.raises(SourceError, match="has no frame 3"):
        stills.still_of_master(master, 3)
    with pytest.raises(SourceError, match="has no frame 3"):
        stills.still_of_source(master, 3, facts=inspect(master), settings=Settings())


@pytest.mark.parametrize(("pixel_format", "codec"), [("gray", "ffv1"), ("gray10le", "ffv1"), ("yuv411p", "ffv1")])
def test_both_sides_show_a_grey_scan_alike(tmp_path: Path, pixel_format: str, codec: str) -> None:
    """What the page shows of the source and what the engine restores are the same brightness."""
    source = tmp_path / "scan.mkv"
    with av.open(str(source), "w") as container:
        stream = container.add_stream(codec, rate=25)
        stream.width, stream.height, stream.pix_fmt = 64, 48, pixel_format
        for number in range(2):
            grey = np.full((48, 64, 3), 150, np.uint8)
            frame = av.VideoFrame.from_ndarray(grey, "rgb24").reformat(format=pixel_format)
            frame.pts = number
            container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    facts = inspect(source)
    shown = np.asarray(Image.open(io.BytesIO(stills.still_of_source(source, 0, facts=facts, settings=Settings()))))
    restored = 255 * float(next(iter(read(source, facts))).planes[0, 20, 20])
    assert abs(float(shown[20, 20].mean()) - restored) <= 1.5
