from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import torch

from restoration.engine import demo, metrics
from restoration.engine.ageing import composite
from restoration.engine.demo import __main__ as shell
from restoration.engine.demo import cutout, sound, stage
from restoration.engine.demo.show import Show
from restoration.engine.errors import SettingsError
from tests import clips


def test_the_tape_is_what_a_digitised_480i_tape_is(tmp_path: Path) -> None:
    tape = demo.render_tape(tmp_path / "tape.mov", seconds=0.1, clean=tmp_path / "clean.mkv")
    with av.open(str(tape)) as container:
        stream = container.streams.video[0]
        pictures = list(container.decode(video=0))
        assert (stream.average_rate, stream.sample_aspect_ratio) == (clips.NTSC, Fraction(10, 11))
        assert (pictures[0].width, pictures[0].height, len(pictures)) == (720, 480, 3)
        assert all(picture.interlaced_frame for picture in pictures)
        assert (pictures[0].colorspace, pictures[0].color_primaries) == (6, 6)
        assert "01:00:00;00" in {**stream.metadata, **container.metadata}.values()
        assert container.streams.audio[0].codec_context.name == "pcm_s16le"
    assert sum(1 for _ in clips.luma_of(tmp_path / "clean.mkv")) == 6
    assert sorted(path.name for path in tmp_path.iterdir()) == ["clean.mkv", "tape.mov"]


def test_a_tape_without_a_frame_is_refused(tmp_path: Path) -> None:
    with pytest.raises(SettingsError, match="no frame"):
        demo.render_tape(tmp_path / "tape.mov", seconds=0)
    assert not list(tmp_path.iterdir())


def test_one_seed_is_one_concert() -> None:
    assert torch.equal(Show.of(4, 3).moment(1.0), Show.of(4, 3).moment(1.0))


def test_fields_go_to_their_own_lines() -> None:
    early, late = torch.zeros(3, 4, 8), torch.ones(3, 4, 8)
    assert composite.interlace(early, late, "tff")[0, :, 0].tolist() == [0, 1] * 4
    assert composite.interlace(early, late, "bff")[0, :, 0].tolist() == [1, 0] * 4


def test_even_colour_survives_composite_and_only_set_up_lifts_the_black() -> None:
    spotless = composite.Tape(set_up_left=0.0)
    field = torch.tensor([0.5, -0.1, 0.2])[:, None, None].expand(3, 24, 720)
    played = composite.decode(composite.encode(field, 0, spotless), 0, spotless)
    assert (played - field)[:, 4:-4, 60:-60].abs().max() < 0.02
    black = torch.zeros(3, 24, 720)
    assert composite.decode(composite.encode(black, 0, composite.TAPE), 0, composite.TAPE)[0].mean() > 0.015


def test_fine_luma_turns_into_false_colour_where_the_comb_is_poor() -> None:
    fine = torch.zeros(3, 24, 720)
    fine[0] = 0.5 + 0.3 * torch.sin(2 * torch.pi * composite.SUBCARRIER / composite.SAMPLE_RATE * torch.arange(720))
    colour = [composite.decode(composite.encode(fine, 0, tape), 0, tape)[1:, 4:-4].abs().mean()
              for tape in (composite.Tape(comb=1.0), composite.Tape(comb=0.0))]
    assert colour[1] > 0.05 > 5 * colour[0]


def test_noise_is_stronger_in_the_dark() -> None:
    dice = torch.Generator().manual_seed(1)
    dark, light = (composite.luma_noise(torch.full((60, 720), luma), composite.TAPE, dice).std() for luma in (0.0, 1.0))
    assert dark > 1.8 * light


def test_the_tape_is_worse_than_the_truth_but_still_the_same_picture() -> None:
    field = composite.field_of(Show.of(4, 7).moment(0.5), 0)
    played = composite.play(field, 0, composite.TAPE, torch.Generator().manual_seed(1))
    assert 20 < metrics.psnr(field[0, :-8].clamp(0, 1), played[0, :-8].clamp(0, 1)) < 38


def test_sound_is_as_long_as_the_picture_and_never_clips() -> None:
    samples = sound.concert(0.5, 1)
    assert samples.shape == (2, 24000) and 20000 < abs(samples.astype(int)).max() < 24000


def test_the_shell_renders_a_tape_and_refuses_another_kind_of_file(
        tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert shell.main([str(tmp_path / "tape.mov"), "--seconds", "0.04"]) == 0
    assert shell.main([str(tmp_path / "tape.mkv")]) == 2
    assert "a name that ends in .mov" in capsys.readouterr().err
    assert shell.main([str(tmp_path / "nowhere" / "tape.mov")]) == 2
    assert "folder" in capsys.readouterr().err
    assert [path.name for path in tmp_path.iterdir()] == ["tape.mov"]


def test_an_outline_covers_its_area_to_a_fraction_of_a_pixel() -> None:
    patch = cutout.filled(np.array([[2.5, 3.0], [12.5, 3.0], [12.5, 9.5], [2.5, 9.5]]), (20, 20))
    assert patch is not None and abs(float(patch.cover.sum()) - 65) < 6
    assert cutout.filled(np.array([[40.0, 3.0], [50.0, 3.0], [50.0, 9.0]]), (20, 20)) is None


def test_a_swollen_silhouette_turns_outward_at_its_edges_and_towards_us_in_the_middle() -> None:
    cover = torch.zeros(41, 41)
    cover[8:33, 8:33] = 1
    aside, down = cutout.swollen(cover, 8)
    assert aside[20, 9] < -0.5 and aside[20, 31] > 0.5 and down[9, 20] < -0.5 and abs(float(aside[20, 20])) < 0.05


def test_light_from_behind_finds_only_the_edge() -> None:
    behind = [cutout.Light((0.82, -0.28, -0.42), (1.0, 1.0, 1.0))]
    skin = torch.ones(3, 1, 1)
    middle, edge = (cutout.lit(skin, torch.tensor([aside, 0.0])[:, None, None], behind) for aside in (0.0, 0.95))
    assert float(edge.mean()) > 10 * float(middle.mean())


def test_the_light_turns_its_colour_within_a_few_frames() -> None:
    assert stage.palette(1.4)[0] == pytest.approx(stage.MAGENTA)
    assert stage.palette(1.5 + 0.2)[0] == pytest.approx(stage.BLUE)
    assert stage.BLUE[0] + 0.1 < stage.palette(1.5 + 0.06)[0][0] < stage.MAGENTA[0] - 0.1
