"""What jumps from frame to frame trembles; what moves smoothly does not, however fast."""

import numpy as np
import pytest

from restoration.engine.compute.tremble import Numbers, level_of, trembling

FRAMES = 90


def parts(path: Numbers, least: float = 0.0) -> Numbers:
    return np.stack([trembling(path, at, least=least).part for at in range(len(path))])


def white(sigma: float, seed: int = 0) -> Numbers:
    return np.random.default_rng(seed).normal(0, sigma, (FRAMES, 1))


def swaying(hertz: float) -> Numbers:
    return np.sin(2 * np.pi * hertz * np.arange(FRAMES) / 24)[:, None]


def test_most_of_a_white_jitter_is_found() -> None:
    for seed in range(3):
        path = white(0.5, seed)
        assert (path - parts(path)).std() < 0.55 * path.std()


def test_a_pan_does_not_hide_it() -> None:
    jitter = white(0.5)
    path = jitter + 3.0 * np.arange(FRAMES)[:, None]
    assert parts(path) == pytest.approx(parts(jitter), abs=0.03)


@pytest.mark.parametrize("path", [3.0 * np.arange(FRAMES)[:, None], 0.02 * np.arange(FRAMES)[:, None] ** 2,
                                  4 * swaying(1), 4 * swaying(2), 2 * swaying(4),
                                  np.cumsum(white(0.3), axis=0).cumsum(axis=0)])
def test_a_camera_does_not_tremble(path: Numbers) -> None:
    assert np.abs(parts(path, 0.07)).max() == pytest.approx(0, abs=0.02)


def test_a_sudden_pan_moves_nothing() -> None:
    path = 20.0 * np.maximum(0, np.arange(FRAMES) - 40)[:, None]
    assert not parts(path, 0.07).any()


def test_below_what_measuring_shows_nothing_trembles() -> None:
    assert not parts(white(0.05), 0.07).any()


def test_only_near_frames_count() -> None:
    path = white(0.5)
    other = path.copy()
    other[60:] += 100
    assert np.array_equal(trembling(path, 10).part, trembling(other, 10).part)


def test_of_a_few_frames_nothing_can_be_told() -> None:
    assert not parts(white(0.5)[:7]).any()


@pytest.mark.parametrize("frames", [6, 20, FRAMES])
def test_the_level_alone_is_the_level_of_the_whole_answer(frames: int) -> None:
    path = np.concatenate([white(0.5), white(2.0, 1) + swaying(2), swaying(1)], axis=1)[:frames]
    for at in range(0, frames, 5):
        assert level_of(path, at) == pytest.approx(trembling(path, at).level)
