"""A shot for two eyes: what stands before is seen further right by the left eye, and the file says what it is."""

from fractions import Fraction
from pathlib import Path

import av
import pytest
import torch

from restoration.engine.__main__ import main
from restoration.engine.compute.motion import estimate
from restoration.engine.encoding import pictures
from restoration.engine.encoding.side_by_side import render
from restoration.engine.enhancement.depth.stereo import MOST, two_views
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.media.inspect import inspect
from restoration.engine.stage import ShotContext
from tests import clips
from tests.engine.enhancement.depth.test_layers import WIDE, figure, filmed

COLOR = ColorSpec("bt709", "bt709", "bt709")


def test_the_figure_stands_before_its_ground() -> None:
    clip = filmed(3, ground=7, own=7, speed=2)
    frames = (Frame(planes, number, COLOR) for number, planes in enumerate(clip))
    left, right = list(two_views(frames, ShotContext(Fraction(25), Fraction(1))))[1]
    moved = estimate(right.planes[0], left.planes[0])[0]
    inner, ground = figure(2) > 0.9, figure(2) < 0.1
    assert float(moved[inner].median()) > 1 > 0 > float(moved[ground].median())
    assert float(moved.abs().max()) < 3 * MOST * WIDE


def test_no_amount_is_the_picture_twice() -> None:
    clip = filmed(2, ground=7, own=7)
    frames = (Frame(planes, number, COLOR) for number, planes in enumerate(clip))
    for left, right in two_views(frames, ShotContext(Fraction(25), Fraction(1)), 0.0):
        assert torch.allclose(left.planes, clip[left.number], atol=1e-5)
        assert torch.equal(left.planes, right.planes)


def test_the_file_holds_both_views_and_says_so(tmp_path: Path) -> None:
    source = clips.write(tmp_path / "master.mkv", clips.scene(6), Fraction(25))
    assert main(["stereo", str(source), str(tmp_path / "eyes.mp4"), "--frames", "1:5"]) == 0
    with av.open(str(tmp_path / "eyes.mp4")) as container:
        stream = container.streams.video[0]
        shown = list(container.decode(stream))
    assert (len(shown), shown[0].width, shown[0].height) == (4, 2 * 96, 64)
    assert "STEREO3D" in {each.type.name for each in shown[0].side_data}


def test_the_colours_of_standard_definition_are_brought_to_those_the_file_names(tmp_path: Path) -> None:
    red = clips.even(4, (96, 64), 0.3)
    red[:, 1:] = torch.tensor([-0.1, 0.3])[:, None, None]
    source = clips.write(tmp_path / "master.mkv", red, Fraction(25))
    facts = inspect(source)
    assert render(source, tmp_path / "eyes.mp4", facts=facts, start=0, end=4) == 4
    with av.open(str(tmp_path / "eyes.mp4")) as container:
        shown = next(container.decode(video=0))
    with av.open(str(source)) as container:
        alone = next(container.decode(video=0))
        filters = pictures.to_bt709(alone.format.name, pictures.Colour.of_facts(facts), (alone.width, alone.height))
        wanted = next(pictures.filtered([alone], [*filters, ("format", "yuv420p")]))
    for plane in range(3):
        assert abs(int(_middle(shown, plane)) - int(_middle(wanted, plane))) <= 1


def test_full_range_is_brought_to_limited_once(tmp_path: Path) -> None:
    """Nine tenths of limited range are code 213: of full range 0.835, and limited again 199."""
    source = clips.write(tmp_path / "master.mkv", clips.even(4, (96, 64), 0.9), Fraction(25))
    render(source, tmp_path / "eyes.mp4", facts=inspect(source).model_copy(update={"range": "pc"}), start=0, end=4)
    with av.open(str(tmp_path / "eyes.mp4")) as container:
        assert abs(_middle(next(container.decode(video=0)), 0) - 199) <= 1


def _middle(picture: av.VideoFrame, plane: int) -> int:
    lines = bytes(picture.planes[plane])
    return lines[picture.planes[plane].height // 2 * picture.planes[plane].line_size + 10]


@pytest.mark.parametrize("frames", ["3:3", "2:90"])
def test_frames_that_are_not_there_are_one_sentence(tmp_path: Path, frames: str,
                                                    capsys: pytest.CaptureFixture[str]) -> None:
    source = clips.write(tmp_path / "master.mkv", clips.scene(4), Fraction(25))
    assert main(["stereo", str(source), str(tmp_path / "eyes.mp4"), "--frames", frames]) == 2
    assert "There are no frames" in capsys.readouterr().err
    assert not (tmp_path / "eyes.mp4").exists()


def test_frames_of_two_fields_are_refused(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    source = clips.write(tmp_path / "tape.mpg", clips.interlace(clips.scene(8)), clips.NTSC, fields="tff")
    assert main(["stereo", str(source), str(tmp_path / "eyes.mp4"), "--frames", "0:2"]) == 2
    assert "two fields" in capsys.readouterr().err


@pytest.mark.parametrize(("target", "said"), [("eyes.mkv", "let the name “eyes.mkv” end in .mp4"),
                                              ("nowhere/eyes.mp4", "There is no folder")])
def test_a_target_that_cannot_be_is_one_sentence(tmp_path: Path, target: str, said: str,
                                                 capsys: pytest.CaptureFixture[str]) -> None:
    source = clips.write(tmp_path / "master.mkv", clips.scene(4), Fraction(25))
    assert main(["stereo", str(source), str(tmp_path / target), "--frames", "0:4"]) == 2
    assert said in capsys.readouterr().err
    assert [each.name for each in tmp_path.iterdir()] == ["master.mkv"]


def test_frames_across_a_cut_are_refused_with_the_shots_to_choose_from(tmp_path: Path,
                                                                       capsys: pytest.CaptureFixture[str]) -> None:
    reel = torch.cat([clips.scene(60), clips.scene(20, seed=5)])
    source = clips.write(tmp_path / "master.mkv", reel, Fraction(25))
    assert main(["stereo", str(source), str(tmp_path / "eyes.mp4"), "--frames", "55:64"]) == 2
    assert "Choose frames of one shot: 55:60, 60:64." in capsys.readouterr().err
    assert not (tmp_path / "eyes.mp4").exists()
    assert main(["stereo", str(source), str(tmp_path / "eyes.mp4"), "--frames", "60:64"]) == 0
