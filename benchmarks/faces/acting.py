"""A clip whose every face is known: a portrait that moves, turns and nods along smooth paths under a coloured lamp, and
what a camera out of focus, a hand that passes and a tape make of it."""

from dataclasses import dataclass
from math import pi

import numpy as np
import torch
from torch import Tensor
from torch.nn.functional import conv2d, grid_sample, interpolate, pad

LAMPS = {"white": (1.0, 0.0, 0.0), "blue": (0.55, 0.22, -0.10), "red": (0.6, -0.08, 0.24)}


@dataclass(frozen=True)
class Acted:
    """clean, aged: [T, 3, H, W]; inside: bool [T, H, W], the face; sigma: the noise's, luma and chroma."""

    clean: Tensor
    aged: Tensor
    inside: Tensor
    sigma: tuple[float, float]


def acted(portrait: Tensor, frames: int = 24, size: tuple[int, int] = (360, 240), *, lamp: str = "white", seed: int = 1,
          scale: float = 0.8, sigma: tuple[float, float] = (0.025, 0.02), blur: tuple[float, float] = (0.4, 1.6),
          hand: bool = False, turn: float = 0.22) -> Acted:
    """portrait: planes [3, h, w]; scale: the portrait's height, of the clip's. blur: the least and the most of a frame,
    standard deviation in pixels; every frame has its own. turn: how far the head turns, 1 to profile."""
    dice = np.random.default_rng(seed)
    moments = [_moment(portrait, number, size, scale, seed, turn) for number in range(frames)]
    clean = torch.stack([planes for planes, _ in moments])
    inside = torch.stack([face for _, face in moments])
    if hand:
        clean, inside = _behind_a_hand(clean, inside)
    clean = _lit(clean, LAMPS[lamp])
    noise = torch.Generator().manual_seed(seed)
    aged = torch.stack([blurred(planes, float(each)) for planes, each in zip(
        clean, dice.uniform(*blur, frames), strict=True)])
    aged = aged + _noise(clean.shape, sigma, noise)
    return Acted(clean, aged, inside, sigma)


def beside(one: Acted, other: Acted) -> Acted:
    """Two faces in one picture."""
    return Acted(*(torch.cat(pair, -1) for pair in ((one.clean, other.clean), (one.aged, other.aged),
                                                    (one.inside, other.inside))), one.sigma)


def _moment(portrait: Tensor, number: int, size: tuple[int, int], scale: float, seed: int,
            most: float) -> tuple[Tensor, Tensor]:
    phase = (seed % 7) * 0.9
    tilt, turn = 0.10 * np.sin(0.13 * number + phase), most * np.sin(0.16 * number + 2 * phase)
    zoom = 1 + 0.05 * np.sin(0.11 * number)
    middle = (size[0] * (0.5 + 0.10 * np.sin(0.12 * number + phase)), size[1] * (0.52 + 0.03 * np.sin(0.21 * number)))
    y, x = torch.meshgrid(torch.arange(size[1]).float(), torch.arange(size[0]).float(), indexing="ij")
    tall = scale * size[1] * zoom / 2
    x, y = (x - middle[0]) / tall, (y - middle[1]) / tall
    x, y = x * np.cos(tilt) + y * np.sin(tilt), y * np.cos(tilt) - x * np.sin(tilt)
    # A head is round: what is nearer moves more when it turns.
    near = (1 - (x / 0.62) ** 2 - (y / 0.75) ** 2).clamp(min=0).sqrt()
    x = x + turn * 0.45 * near
    wide = portrait.shape[2] / portrait.shape[1]
    shown = grid_sample(portrait[None], torch.stack((x / wide, y), -1)[None], mode="bicubic", padding_mode="border",
                        align_corners=False)[0]
    edge = ((wide - x.abs()) / 0.06).clamp(0, 1) * ((1 - y.abs()) / 0.06).clamp(0, 1)
    stage = _stage(size, number)
    inside = (x / 0.42) ** 2 + ((y + 0.05) / 0.52) ** 2 < 1
    return stage + edge * (shown - stage), inside


def _stage(size: tuple[int, int], number: int) -> Tensor:
    dice = torch.Generator().manual_seed(5)
    cells = torch.randn(1, 1, size[1] // 6 + 4, size[0] // 6 + 4, generator=dice)
    wide = interpolate(cells, scale_factor=6, mode="bicubic")[0, 0, 4:size[1] + 4, 4:size[0] + 4]
    planes = torch.zeros(3, size[1], size[0])
    planes[0] = 0.18 + 0.04 * wide
    return planes


def _behind_a_hand(clean: Tensor, inside: Tensor) -> tuple[Tensor, Tensor]:
    """A hand as a soft bar that crosses the face in the middle of the clip."""
    clean, frames = clean.clone(), len(clean)
    x = torch.arange(clean.shape[-1]).float()
    for number in range(frames):
        middle = clean.shape[-1] * (0.1 + 0.8 * number / frames)
        bar = ((clean.shape[-1] * 0.05 - (x - middle).abs()) / 2 + 0.5).clamp(0, 1)
        look = 0.55 + 0.03 * torch.sin(2 * pi * (x - middle) / 9)
        clean[number, 0] += bar * (look - clean[number, 0])
        inside[number] &= bar < 0.5
    return clean, inside


def _lit(clean: Tensor, lamp: tuple[float, float, float]) -> Tensor:
    gain, blue, red = lamp
    lit = clean * gain
    lit[:, 1] += blue * clean[:, 0]
    lit[:, 2] += red * clean[:, 0]
    return lit


def blurred(planes: Tensor, sigma: float) -> Tensor:
    radius = max(1, int(3 * sigma + 0.5))
    taps = torch.exp(-torch.arange(-radius, radius + 1).float() ** 2 / (2 * sigma ** 2))
    taps = taps / taps.sum()
    wide = pad(planes[:, None], (radius,) * 4, mode="replicate")
    return conv2d(conv2d(wide, taps[None, None, :, None]), taps[None, None, None])[:, 0]


def _noise(shape: torch.Size, sigma: tuple[float, float], dice: torch.Generator) -> Tensor:
    """A tape's: luma a little smeared along the line, colour much, both white across lines."""
    white = torch.randn(*shape[:-1], shape[-1] + 8, generator=dice)
    luma = white[:, :1, :, :-8] + 0.5 * white[:, :1, :, 1:-7]
    chroma = sum(white[:, 1:, :, tap:tap + shape[-1]] for tap in range(8))
    return torch.cat([luma * (sigma[0] / 1.25 ** 0.5), chroma * (sigma[1] / 8 ** 0.5)], 1)  # type: ignore[operator]
