"""Short clips with noise and compression on them: what the network that cleans is shown, and the moment as it was.

A camera stands still or glides over a photograph; each moment is spoilt by the same models that the benchmark uses
(`engine.ageing`); its neighbours come as they are fetched along an estimated motion, a little beside their place and
now and then quite wrong.
"""

from collections.abc import Callable

import numpy as np
import torch
import torch.nn.functional as F
from torch import Tensor

from restoration.engine.ageing.composite import TAPE, chroma_noise, luma_noise
from restoration.engine.ageing.compression import h264, jpeg, mpeg2
from restoration.engine.compute.motion import warp
from restoration.engine.media.color import mix, to_rgb_matrix
from restoration.engine.networks.cleaner import NEIGHBOURS, put_together
from restoration.engine.training.lessons import Pair, detailed, normal
from restoration.engine.training.material import Material

MATRIX = "smpte170m"
_BORDER = 8
_MISSING = 0.05  # Share of neighbours that a cut took away.
_COARSEST = 50 / 255
_CLEAN = 0.05  # Share of those without damage.
_COMPRESSED = 0.55  # Of the others; the rest are noisy.
_JPEG, _MPEG2 = 0.8, 0.1  # Of those; the rest through H.264.

Told = tuple[float, float, float]


def spoilt(material: Material, dice: np.random.Generator, *, size: int, alone: bool, tries: int = 1) -> Pair:
    """[6 or 18, size, size] as `put_together` makes it, and the clean planes [3, size, size]. alone: a
    photograph without neighbours. tries: as of `detailed`."""
    side = size + 2 * _BORDER
    clean = detailed(material.pictures, side, dice, tries)
    moves = dice.normal(0, 1.0, (0 if alone else NEIGHBOURS, 2)).round(2)
    moments = torch.stack([clean, *(_moved(clean, move) for move in moves)])
    damaged, told = _damaged(moments, dice)
    around = [_fetched(planes, move, dice) if dice.random() >= _MISSING else None
              for planes, move in zip(damaged[1:], moves, strict=True)]
    inside = slice(_BORDER, -_BORDER)
    shown = put_together(damaged[0], around, told)
    return shown[:, inside, inside].contiguous(), clean[:, inside, inside].contiguous()


def white(shape: torch.Size, sigma: float, dice: np.random.Generator) -> Tensor:
    """Noise on R'G'B' [T, 3, H, W] of one sigma (0..1), as Y'CbCr."""
    return mix(sigma * normal(tuple(shape), dice), to_rgb_matrix(MATRIX).inverse())


def told_of_white(sigma: float) -> tuple[float, float]:
    """What noise of sigma on R'G'B' is on luma and, on the average, on colour."""
    rows = to_rgb_matrix(MATRIX).inverse().square().sum(1).sqrt() * sigma
    return float(rows[0]), float(rows[1:].square().mean().sqrt())


def _damaged(moments: Tensor, dice: np.random.Generator) -> tuple[Tensor, Told]:
    """The moments [T, 3, H, W] spoilt, and what is told of it: as exactly as it is measured on a recording."""
    if dice.random() < _CLEAN:
        return moments, (0.0, 0.0, 0.0)
    is_compressed = dice.random() < _COMPRESSED
    noisy, luma, chroma = moments, 0.0, 0.0
    if not is_compressed or dice.random() < 0.4:
        noisy, luma, chroma = _noisy(moments, 0.3 if is_compressed else 1.0, dice)
    if not is_compressed:
        return noisy, (_about(luma, dice), _about(chroma, dice), 0.0)
    coded = _coded(noisy, dice)
    coarse = float((coded - noisy)[:, 0].square().mean().sqrt())
    return coded, (_about(0.7 * luma, dice), _about(0.7 * chroma, dice), _about(coarse, dice))


def _about(sigma: float, dice: np.random.Generator) -> float:
    return sigma * float(np.exp(dice.normal(0, 0.12)))


def _noisy(moments: Tensor, most: float, dice: np.random.Generator) -> tuple[Tensor, float, float]:
    """Moments with noise of one kind, and its standard deviation on luma and on colour."""
    noise = _kind_of_noise(dice)(moments, most, dice)
    luma, chroma = noise[:, 0].square().mean().sqrt(), noise[:, 1:].square().mean().sqrt()
    return moments + noise, float(luma), float(chroma)


def _kind_of_noise(dice: np.random.Generator) -> Callable[[Tensor, float, np.random.Generator], Tensor]:
    return (_white, _white, _of_tape, _of_grain)[int(dice.integers(4))]


def _white(moments: Tensor, most: float, dice: np.random.Generator) -> Tensor:
    return white(moments.shape, most * float(dice.uniform(0, _COARSEST)), dice)


def _of_tape(moments: Tensor, most: float, dice: np.random.Generator) -> Tensor:
    """FM noise and long smears of colour, of half to three times a worn tape's."""
    torch_dice = torch.Generator().manual_seed(int(dice.integers(2 ** 31)))
    one, other = (most * float(dice.uniform(0.3, 3)) for _ in range(2))
    return torch.stack([torch.cat((one * luma_noise(planes[0], TAPE, torch_dice)[None],
                                   other * chroma_noise(planes, TAPE, torch_dice))) for planes in moments])


def _of_grain(moments: Tensor, most: float, dice: np.random.Generator) -> Tensor:
    """Clumps of one to two pixels, strongest in the middle tones, hardly any colour."""
    fine = normal(tuple(moments.shape), dice)
    clump = float(dice.uniform(0, 0.5))
    clumped = (1 - clump) * fine + clump * 3 * F.avg_pool2d(F.pad(fine, (1, 1, 1, 1), mode="reflect"), 3, 1)
    sigma = most * float(dice.uniform(0, 0.1))
    tones = 0.4 + 2.4 * (moments[:, :1] * (1 - moments[:, :1])).clamp(min=0)
    return sigma * tones * clumped * torch.tensor([1.0, 0.35, 0.35])[:, None, None]


def _coded(moments: Tensor, dice: np.random.Generator) -> Tensor:
    seed, kind = int(dice.integers(2 ** 31)), dice.random()
    if kind < _JPEG:
        quality = round(float(np.exp(dice.uniform(np.log(5), np.log(70)))))
        return jpeg(moments, seed, quality=quality, displaced=True).clip
    if kind < _JPEG + _MPEG2:
        return mpeg2(moments, seed, bits_per_pixel=float(np.exp(dice.uniform(np.log(0.05), np.log(0.8))))).clip
    return h264(moments, seed, quantiser=int(dice.integers(26, 44))).clip


def _moved(planes: Tensor, move: np.ndarray) -> Tensor:
    return warp(planes, _even_flow(planes, -move), mode="bicubic")


def _fetched(planes: Tensor, move: np.ndarray, dice: np.random.Generator) -> Tensor:
    wrong = float(np.exp(dice.normal(-1.8, 0.8)))
    height, width = planes.shape[-2:]
    coarse = wrong * normal((1, 2, height // 16 + 1, width // 16 + 1), dice)
    if dice.random() < 0.25:
        coarse[:, :, int(dice.integers(coarse.shape[2])), int(dice.integers(coarse.shape[3]))] += 4
    missed = F.interpolate(coarse, size=(height, width), mode="bicubic", align_corners=False)[0]
    return warp(planes, _even_flow(planes, move) + missed, mode="bicubic")


def _even_flow(planes: Tensor, move: np.ndarray) -> Tensor:
    return torch.from_numpy(move).float()[:, None, None].expand(2, *planes.shape[-2:])
