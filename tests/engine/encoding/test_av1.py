"""Grain goes into coded pictures without touching them, whatever the encoder used to code them."""

from fractions import Fraction

import av
import numpy as np
import pytest
from av.video.codeccontext import VideoCodecContext

from restoration.engine.encoding.av1 import FilmGrain, GrainWriter
from restoration.engine.encoding.av1.bits import Bits, Written
from restoration.engine.encoding.fairness import fairly_scheduled
from restoration.engine.media import samples
from tests import clips

GRAIN = FilmGrain(((16, 60), (235, 60)), ((128, 40),), ((128, 40),), (-20, 50, 0, 50), (0, 0, 0, 0), 10, 7, 0)


def packets(options: dict[str, str], frames: int = 20) -> list[av.Packet]:
    """A moving scene, coded; with enough frames for the encoder to code some before they are shown."""
    encoder = VideoCodecContext.create("libsvtav1", "w")
    encoder.width, encoder.height, encoder.pix_fmt = 192, 128, "yuv420p10le"
    encoder.time_base, encoder.framerate = Fraction(1, 25), Fraction(25)
    encoder.options = {"preset": "8", "crf": "30", **options}
    with fairly_scheduled():
        encoder.open()
    made = []
    for number, planes in enumerate(clips.scene(frames, (192, 128))):
        picture = samples.picture_of(samples.to_codes(planes), "yuv422p10le").reformat(format="yuv420p10le")
        picture.pts, picture.time_base = number, Fraction(1, 25)
        made += encoder.encode(picture)
    return [*made, *encoder.encode(None)]


def shown(data: list[bytes], **options: str) -> np.ndarray:
    decoder = VideoCodecContext.create("libdav1d", "r")
    decoder.options = options
    pictures = [picture for packet in data for picture in decoder.decode(av.Packet(packet))]
    return np.stack([picture.to_ndarray() for picture in [*pictures, *decoder.decode(None)]]).astype(np.int32)


@pytest.mark.parametrize("options", [
    {}, {"preset": "4"}, {"g": "7"}, {"svtav1-params": "scm=1"}, {"svtav1-params": "pred-struct=1"},
    {"svtav1-params": "tile-columns=1:tile-rows=1"}, {"svtav1-params": "superres-mode=1:superres-denom=12"},
    {"svtav1-params": "enable-overlays=1:enable-qm=1"}])
def test_every_picture_has_grain_and_none_is_changed_beneath_it(options: dict[str, str]) -> None:
    coded = packets(options)
    writer = GrainWriter(lambda number: GRAIN)
    told = [writer.packet(bytes(packet), packet.pts or 0) for packet in coded]
    plain = shown([bytes(packet) for packet in coded])
    assert np.array_equal(shown(told, filmgrain="0"), plain)
    strength = (shown(told) - plain)[:, :128].std(axis=(1, 2))
    assert strength.min() > 7 and strength.max() < 12


def test_grain_comes_and_goes_with_the_picture_that_it_was_chosen_for() -> None:
    coded = packets({})
    writer = GrainWriter(lambda number: GRAIN if number % 3 == 0 else None)
    told = [writer.packet(bytes(packet), packet.pts or 0) for packet in coded]
    added = shown(told) - shown([bytes(packet) for packet in coded])
    assert [bool(frame.any()) for frame in added] == [number % 3 == 0 for number in range(20)]


def test_what_is_no_picture_is_refused() -> None:
    writer = GrainWriter(lambda number: GRAIN)
    with pytest.raises(ValueError, match="before its sequence"):
        writer.packet(bytes([0x32, 1, 0]), 0)
    with pytest.raises(EOFError):
        Bits(b"\x00").number(9)
    with pytest.raises(ValueError, match="no place"):
        Written().put(4, 2)
