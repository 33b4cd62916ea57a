"""Another raster, the same picture in the same place."""

import pytest
import torch

from restoration.engine.compute.resample import resize


@pytest.mark.parametrize("kernel", ["lanczos", "mitchell", "linear"])
@pytest.mark.parametrize("size", [(96, 64), (60, 40), (131, 97), (288, 216)])
def test_an_even_picture_stays_even_at_any_size(kernel: str, size: tuple[int, int]) -> None:
    made = resize(torch.full((3, 48, 64), 0.25), *size, kernel=kernel)
    assert made.shape == (3, size[1], size[0])
    assert torch.allclose(made, torch.full_like(made, 0.25), atol=1e-6)


@pytest.mark.parametrize("kernel", ["lanczos", "mitchell", "linear"])
def test_a_ramp_keeps_its_place(kernel: str) -> None:
    columns = (torch.arange(64) + 0.5) / 64
    made = resize(columns.expand(8, 64).contiguous(), 160, 20, kernel=kernel)
    truth = (torch.arange(160) + 0.5) / 160
    assert torch.allclose(made[10, 16:-16], truth[16:-16], atol=2e-3)


def test_slow_waves_come_back_from_twice_the_size() -> None:
    x = torch.arange(96).float()
    wave = (0.5 + 0.3 * torch.cos(x * 0.4)).expand(32, 96).contiguous()
    there_and_back = resize(resize(wave, 192, 64), 96, 32)
    assert (there_and_back - wave)[:, 8:-8].abs().max() < 0.01


def test_what_is_finer_than_the_smaller_raster_vanishes() -> None:
    stripes = (torch.arange(96) % 2).float().expand(32, 96).contiguous()
    assert (resize(stripes, 32, 32)[:, 4:-4] - 0.5).abs().max() < 0.03


def test_an_unknown_kernel_is_refused() -> None:
    with pytest.raises(KeyError):
        resize(torch.zeros(8, 8), 16, 16, kernel="magic")
