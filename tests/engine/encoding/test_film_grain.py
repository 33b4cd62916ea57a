"""An AV1 copy shows the master's grain without coding it: a player that leaves it out shows the clean picture."""

from pathlib import Path

import av
import numpy as np
import pytest
import torch
from torch import Tensor

from restoration.engine.compute.grain import STEPS, GrainModel
from restoration.engine.encoding import renditions
from restoration.engine.encoding.av1 import FilmGrain
from restoration.engine.encoding.film_grain import GivenBack, film_grain
from restoration.engine.enhancement.regrain import regrain
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.settings import GrainSettings
from restoration.engine.stage import ShotContext
from tests import clips

COLOR = ColorSpec("bt709", "bt709", "bt709")
FRAMES, WIDTH, HEIGHT, SEED, FIRST = 6, 256, 160, 7, 40


def model(height: int = HEIGHT, alike: tuple[float, float] = (0.5, 0.3)) -> GrainModel:
    return GrainModel(luma=tuple(code / 255 for code in (2.0, 3.0, 4.0, 5.0, 5.0, 4.0, 3.0, 2.0)), chroma=2 / 255,
                      alike=alike, height=height)


def staircase() -> Tensor:
    """Eight columns, each at the middle of a step of brightness."""
    clip = torch.zeros(FRAMES, 3, HEIGHT, WIDTH)
    clip[:, 0] = (torch.arange(WIDTH) * STEPS // WIDTH + 0.5) / STEPS
    return clip


def grained(clip: Tensor, texture: GrainModel, amount: float) -> Tensor:
    stage = regrain(GrainSettings(amount=amount), ShotContext(clips.NTSC, 1, seed=SEED), texture)
    return torch.stack([frame.planes for frame in stage(
        Frame(planes, FIRST + number, COLOR) for number, planes in enumerate(clip))])


def copied(folder: Path, clip: Tensor, *grain: GivenBack) -> Path:
    clips.write(folder / "master.mkv", clip, clips.NTSC, pixel_format="yuv422p10le")
    made = renditions.render("av1", folder / "master.mkv", folder / "copy.mp4", grain=grain)
    assert (made.codec, made.pixel_format, made.frames) == ("av1", "yuv420p10le", len(clip))
    return folder / "copy.mp4"


def shown(path: Path, **options: str) -> np.ndarray:
    """[frames, 3 H / 2, W] in codes of ten bits, luma above chroma."""
    with av.open(str(path)) as container:
        container.streams.video[0].codec_context.options = options
        return np.stack([frame.to_ndarray() for frame in container.decode(video=0)]).astype(np.float64)


def clean(path: Path) -> np.ndarray:
    return shown(path, filmgrain="0")


def by_step(luma: np.ndarray) -> np.ndarray:
    """Standard deviation in each column of the staircase, clear of its edges."""
    columns = luma.reshape(*luma.shape[:2], STEPS, WIDTH // STEPS)[..., 4:-4]
    return np.asarray(columns.std(axis=(0, 1, 3)))


def alike(noise: np.ndarray, axis: int) -> float:
    """Correlation of neighbours along an axis."""
    moved = np.moveaxis(noise, axis, 0)
    return float((moved[1:] * moved[:-1]).mean() / (noise * noise).mean())


@pytest.mark.parametrize("scale", [1, 2])
def test_a_player_shows_grain_as_strong_as_the_masters(tmp_path: Path, scale: int) -> None:
    texture, amount = model(HEIGHT // scale), 0.8
    master = grained(staircase(), texture, amount)
    path = copied(tmp_path, master, GivenBack(range(FRAMES), amount, texture, SEED, FIRST))
    made, was = shown(path) - clean(path), (master - staircase()).numpy()
    assert by_step(made[:, :HEIGHT]) == pytest.approx(by_step(was[:, 0]) * 876, rel=0.15)
    assert made[:, HEIGHT:].std() == pytest.approx(was[:, 1:].std() * 896, rel=0.2)
    for axis in (-1, -2):
        assert alike(made[:, :HEIGHT], axis) == pytest.approx(alike(was[:, 0], axis), abs=0.1)
    assert not np.array_equal(made[0], made[1])


def test_at_the_recordings_own_size_that_is_the_measured_strength() -> None:
    told = film_grain(model(alike=(0.0, 0.0)), 1.0, HEIGHT)
    assert told is not None
    assert [scaling * 32 / 2 ** told.scaling_shift * 255 / 219 for _, scaling in told.luma] == pytest.approx(
        [2, 3, 4, 5, 5, 4, 3, 2], rel=0.02)


def test_a_player_without_grain_shows_the_clean_picture(tmp_path: Path) -> None:
    texture, steps = model(), staircase()
    path = copied(tmp_path, grained(steps, texture, 0.8), GivenBack(range(FRAMES), 0.8, texture, SEED, FIRST))
    luma = clean(path)[:, :HEIGHT]
    assert by_step(luma).max() < 2
    assert abs(luma - (64 + 876 * steps[:, 0].numpy()))[..., 4:-4].mean() < 2


def test_only_frames_that_were_given_grain_show_it(tmp_path: Path) -> None:
    texture, master = model(), staircase()
    master[3:] = grained(staircase(), texture, 0.8)[:3]
    path = copied(tmp_path, master, GivenBack(range(3, FRAMES), 0.8, texture, SEED, FIRST))
    made = shown(path) - clean(path)
    assert [bool(frame.any()) for frame in made] == [False] * 3 + [True] * 3


def test_noise_that_nobody_sees_is_not_told() -> None:
    assert film_grain(model(), 0.0, HEIGHT) is None


@pytest.mark.parametrize("alike", [(0.0, 0.0), (0.8, 0.8)])
@pytest.mark.parametrize("height", [HEIGHT, 8 * HEIGHT])
def test_the_parameters_fit_their_fields(alike: tuple[float, float], height: int) -> None:
    told = film_grain(model(alike=alike), 1.0, height)
    assert isinstance(told, FilmGrain)
    assert all(-128 <= weight <= 127 for weight in (*told.luma_ar, *told.chroma_ar))
    assert all(0 < scaling <= 255 for _, scaling in (*told.luma, *told.cb, *told.cr))
