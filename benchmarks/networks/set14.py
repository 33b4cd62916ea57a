"""Set14, four times the lines and columns of pictures reduced by MATLAB's bicubic filter: PSNR of luma in dB, four
pixels of every edge left out. By the networks alone, as others measure theirs, and by the whole stage, which holds
what they make to the source. Bicubic as published: 26.09; IMDN: 28.63."""

from collections.abc import Iterator
from pathlib import Path
from typing import Literal

from PIL import Image
from torch import Tensor

from benchmarks.networks.pictures import eight_bit, found, luma, planes_of, read
from benchmarks.networks.product import enlarged, planes_in, score
from benchmarks.networks.row import Row
from restoration.engine.enhancement.upscale.learnt import Learnt
from restoration.engine.metrics import psnr
from restoration.engine.networks.registry import network
from restoration.engine.settings import UpscaleSettings

NAME, FOLDER = "set14", "set14_x4"
COLUMNS = ("bicubic", "Patina", "Patina, for a GPU", "by the stage", "by the stage, for a GPU")
METHODS: tuple[Literal["network", "large"], ...] = ("network", "large")
_EDGE = slice(4, -4)


def rows(folder: Path) -> list[Row]:
    """One for each picture. Raises FileNotFoundError where the set is not there."""
    return [_row(path) for path in found(folder, "*_LR.png")]


def _row(path: Path) -> Row:
    truth, small = luma(read(path.with_name(path.name.replace("_LR", "_HR")))), luma(read(path))
    alone = (Learnt(network(name)).alone([(0, small)], 0) for name in ("upscaler-x4", "upscaler-x4-large"))
    return Row(path.stem.split("_SRF")[0], (*(_score(made, truth) for made in (_bicubic(path), *alone)),
                                            *_by_the_stage(path)))


def _by_the_stage(path: Path) -> Iterator[float]:
    source, truth = planes_in(path), planes_in(path.with_name(path.name.replace("_LR", "_HR")))[0]
    for method in METHODS:
        yield score(enlarged(source, UpscaleSettings(height=truth.shape[0], method=method)), truth)


def _bicubic(path: Path) -> Tensor:
    with Image.open(path) as opened:
        larger = opened.convert("RGB").resize((4 * opened.width, 4 * opened.height), Image.Resampling.BICUBIC)
    return luma(planes_of(larger))


def _score(made: Tensor, truth: Tensor) -> float:
    height, width = (min(sides) for sides in zip(made.shape, truth.shape, strict=True))
    return psnr(eight_bit(made)[:height, :width][_EDGE, _EDGE], truth[:height, :width][_EDGE, _EDGE])

