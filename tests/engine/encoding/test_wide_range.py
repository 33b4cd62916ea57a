"""A master for wide-range displays: tagged as such, as bright as it says, and the ordinary picture still in it."""

from fractions import Fraction
from pathlib import Path

import av
import pytest
import torch
from torch import Tensor

from restoration.engine.encoding import renditions
from restoration.engine.errors import SettingsError
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.media import samples, writer
from restoration.engine.media.color import to_rgb
from restoration.engine.progress import Progress
from tests import clips
from tests.engine.ordinary import contracted, from_pq

GREY, LAMP = 0.45, 1.0


def stage_with_a_lamp(frames: int = 4) -> Tensor:
    """Grey, and a white lamp in its middle from the second frame on."""
    clip = clips.even(frames, (128, 96), GREY)
    clip[1:, 0, 32:64, 48:80] = LAMP
    return clip


def rendered(folder: Path, profile: str) -> Path:
    master = clips.write(folder / "master.mkv", stage_with_a_lamp(), clips.NTSC, pixel_format="yuv422p10le",
                         sound=clips.Sound(seconds=0.13))
    made = folder / f"{profile}.mp4"
    renditions.render(profile, master, made)
    return made


def signal_of(path: Path) -> list[Tensor]:
    """R'G'B' of BT.2020, [3, H, W], of every frame."""
    with av.open(str(path)) as container:
        return [to_rgb(samples.to_planes(picture, "bt2020nc", is_full_range=False, interlaced=False), "bt2020nc")
                for picture in container.decode(video=0)]


@pytest.mark.parametrize(("profile", "transfer"), [("hdr10", 16), ("hlg", 18)])
def test_the_file_says_what_it_is(tmp_path: Path, profile: str, transfer: int) -> None:
    with av.open(str(rendered(tmp_path, profile))) as container:
        context = container.streams.video[0].codec_context
        said = (context.name, context.codec_tag, context.pix_fmt, context.color_primaries, context.color_trc,
                context.colorspace)
    assert said == ("hevc", "hvc1", "yuv420p10le", 9, transfer, 9)


def test_it_is_as_bright_as_it_says(tmp_path: Path) -> None:
    with av.open(str(rendered(tmp_path, "hdr10"))) as container:
        told = {str(data.type): bytes(data) for data in next(container.decode(video=0)).side_data}
    levels = next(data for name, data in told.items() if "CONTENT_LIGHT_LEVEL" in name)
    brightest, average = (int.from_bytes(levels[at:at + 4], "little") for at in (0, 4))
    lamp, ground = 1000, 203 * GREY ** 2.4
    assert brightest == lamp
    assert average == pytest.approx((lamp * 32 * 32 + ground * (128 * 96 - 32 * 32)) / (128 * 96), rel=0.03)


def test_the_lamp_shines_and_the_ground_does_not(tmp_path: Path) -> None:
    light = from_pq(signal_of(rendered(tmp_path, "hdr10"))[2])
    assert float(light[:, 44:52, 60:68].mean()) == pytest.approx(1000, rel=0.03)
    assert float(light[:, :16].mean()) == pytest.approx(203 * GREY ** 2.4, rel=0.03)


def test_tone_mapped_back_it_is_the_master(tmp_path: Path) -> None:
    """White is the same in both primaries, and this scene has no colour."""
    again = contracted(from_pq(signal_of(rendered(tmp_path, "hdr10"))[2]))
    wanted = stage_with_a_lamp()[2, 0]
    flat = torch.ones_like(wanted, dtype=torch.bool)
    flat[28:68, 44:84] = False
    flat[36:60, 52:76] = True
    assert float((again - wanted).abs()[:, flat].max()) < 0.012


def test_both_looks_at_the_master_report_how_far_they_are(tmp_path: Path) -> None:
    master = clips.write(tmp_path / "master.mkv", stage_with_a_lamp(), clips.NTSC, pixel_format="yuv422p10le")
    told: list[Progress] = []
    renditions.render("hdr10", master, tmp_path / "made.mp4", report=told.append)
    assert [(progress.phase, progress.done, progress.total) for progress in told] == [
        *(("light", number, 8) for number in range(1, 5)), *(("render", number, 8) for number in range(5, 9))]


@pytest.mark.parametrize("profile", ["hdr10", "hlg"])
def test_light_that_is_there_already_is_not_reckoned_anew(tmp_path: Path, profile: str) -> None:
    wide = ColorSpec("bt2020nc", "bt2020", "smpte2084")
    master = tmp_path / "master.mkv"
    writer.write([Frame(planes, number, wide) for number, planes in enumerate(stage_with_a_lamp(2))], master,
                 rate=Fraction(25), pixel_aspect=Fraction(1), expected=2)
    with pytest.raises(SettingsError, match="has a wide range already"):
        renditions.render(profile, master, tmp_path / "copy.mp4")
    assert not (tmp_path / "copy.mp4").exists()
