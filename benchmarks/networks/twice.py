"""Set14 at twice the lines and columns: its pictures reduced to a half by an antialiased bicubic filter in 8 bits. PSNR
of luma in dB, two pixels of every edge left out. Beside the network for twice stands what the one for four times makes,
brought to a half: what an enlargement to twice would be without a network of its own."""

from pathlib import Path

from torch import Tensor
from torch.nn.functional import interpolate

from benchmarks.networks.pictures import eight_bit, found, luma, read
from benchmarks.networks.row import Row
from restoration.engine.compute.resample import resize
from restoration.engine.enhancement.upscale.learnt import Learnt
from restoration.engine.metrics import psnr
from restoration.engine.networks.registry import network

NAME, FOLDER = "twice", "set14_x4"
COLUMNS = ("bicubic", "Lanczos", "four times, halved", "Patina")
_EDGE = slice(2, -2)


def rows(folder: Path) -> list[Row]:
    """One for each picture. Raises FileNotFoundError where the set is not there."""
    return [_row(path) for path in found(folder, "*_HR.png")]


def _row(path: Path) -> Row:
    whole = luma(read(path))
    truth = whole[:whole.shape[0] // 2 * 2, :whole.shape[1] // 2 * 2]
    small = eight_bit(interpolate(truth[None, None], scale_factor=0.5, mode="bicubic", antialias=True)[0, 0])
    size = truth.shape[1], truth.shape[0]
    made = (interpolate(small[None, None], scale_factor=2, mode="bicubic")[0, 0], resize(small, *size),
            resize(_alone("upscaler-x4", small), *size), _alone("upscaler-x2", small))
    return Row(path.stem.split("_SRF")[0], tuple(_score(each, truth) for each in made))


def _alone(name: str, small: Tensor) -> Tensor:
    return Learnt(network(name)).alone([(0, small)], 0)


def _score(made: Tensor, truth: Tensor) -> float:
    return psnr(eight_bit(made)[_EDGE, _EDGE], truth[_EDGE, _EDGE])
