"""Compression damages as the real coders do, and says truly what it damaged."""

from collections.abc import Callable

import pytest
import torch

from restoration.engine.ageing import Aged
from restoration.engine.ageing.compression import banded, h264, jpeg, mpeg2
from restoration.engine.repair.blocking.evidence import grid_of
from tests import clips

SIZE = (96, 64)


def rms(aged: Aged) -> float:
    return float((aged.clip - aged.truth).square().mean().sqrt())


@pytest.mark.parametrize("coded", [jpeg, mpeg2, h264])
def test_a_coded_clip_keeps_its_shape_and_its_truth(coded: Callable[..., Aged]) -> None:
    clip = clips.scene(5, SIZE)
    aged = coded(clip, 3)
    assert aged.clip.shape == clip.shape
    assert torch.equal(aged.truth, clip)
    assert 0.005 < rms(aged) < 0.1
    assert abs(float((aged.clip - clip).mean())) < 0.004


@pytest.mark.parametrize("coded", [jpeg, mpeg2, h264])
def test_the_same_seed_gives_the_same_damage(coded: Callable[..., Aged]) -> None:
    clip = clips.scene(3, SIZE)
    assert torch.equal(coded(clip, 5).clip, coded(clip, 5).clip)


def test_coarser_coding_damages_more() -> None:
    clip = clips.scene(4, SIZE)
    assert rms(jpeg(clip, 1, quality=5)) > rms(jpeg(clip, 1, quality=60))
    assert rms(mpeg2(clip, 1, bits_per_pixel=0.1)) > rms(mpeg2(clip, 1, bits_per_pixel=1.0))
    assert rms(h264(clip, 1, quantiser=44)) > rms(h264(clip, 1, quantiser=24))


def test_a_coarse_jpeg_has_blocks_wherever_its_grid_begins() -> None:
    clip = clips.scene(2, SIZE)
    assert not grid_of(clip[0, 0]).is_certain
    for displaced in (False, True):
        assert grid_of(jpeg(clip, 4, quality=8, displaced=displaced).clip[0, 0]).is_certain


def test_a_dark_gradient_becomes_bands_and_nothing_else_is_touched() -> None:
    clip = clips.even(2, SIZE, 0.6)
    clip[:, 0, :, :64] = torch.linspace(0.05, 0.25, 64)
    aged = banded(clip, 2, step=5)
    assert aged.masks is not None
    assert aged.masks[:, :, 10:50].all() and not aged.masks[:, :, 70:].any()
    outside = ~aged.masks[:, None].expand_as(clip)
    assert torch.equal(aged.clip[outside], clip[outside])
    line = aged.clip[0, 0, 32, 10:50]
    assert len(line.unique()) <= 9 < len(clip[0, 0, 32, 10:50].unique())
    assert float((line - clip[0, 0, 32, 10:50]).abs().max()) < 2.6 / 255
