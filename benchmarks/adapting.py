"""The cleaner adapted to a recording whose noise it has not seen.

    python -m benchmarks.adapting --footage FOLDER [--half reporting] [--only NAME ...]

Five clips of benchmarks.quality are the five shots of one recording and get noise of one kind. The repair "Noise" runs
over them; then the cleaner is adapted to what it leaves, by the recording alone, two shots held out. PSNR in dB of all
three planes of three moments of each shot against the truth: the repair alone; finished with the cleaner as it is
shipped, told the share of the noise that serves it best of four; and finished with it adapted.
"""

import argparse
import copy
import sys
import time
from collections.abc import Callable, Sequence
from pathlib import Path

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from benchmarks.networks.__main__ import table
from benchmarks.networks.row import Row
from benchmarks.quality.mending import measured_noise, mend
from benchmarks.quality.scores import decibels
from benchmarks.quality.truth import HALVES, MATRIX, SEEDS, Clean, MissingFootage, clips
from restoration.engine.adapting.learning import best_of, learn
from restoration.engine.adapting.material import Stretch, lessons_of
from restoration.engine.ageing.composite import TAPE, chroma_noise, low_pass, luma_noise
from restoration.engine.compute.device import settle
from restoration.engine.media.color import mix, to_rgb_matrix
from restoration.engine.networks.cleaner import put_together
from restoration.engine.networks.registry import network
from restoration.engine.networks.weights import read
from restoration.engine.repair.noise.finishing import ADAPTED, taken, told_of
from restoration.engine.settings import NoiseSettings, Settings

TOLD = (0.05, 0.1, 0.2, 0.4)
HELD_OUT = (1, 4)
_MOMENTS, _SCORED = 14, (3, 7, 10)
_WINDOW = (264, 176)
_WINDOWS = 24
_NOISE = Settings(noise=NoiseSettings(enabled=True, luma=1, chroma=1, network="off"))
Noise = Callable[[Tensor, torch.Generator], Tensor]


def _white(clean: Tensor, dice: torch.Generator) -> Tensor:
    """What it was trained on: sigma 20/255 on R'G'B'."""
    noise = torch.randn((1, *clean.shape), generator=dice) * 20 / 255
    return mix(noise, to_rgb_matrix(MATRIX).inverse())[0]


def _tape(clean: Tensor, dice: torch.Generator) -> Tensor:
    """What it was trained on."""
    return torch.cat([luma_noise(clean[0], TAPE, dice)[None], chroma_noise(clean, TAPE, dice)])


def _lines(clean: Tensor, dice: torch.Generator) -> Tensor:
    """Smeared along the lines, and every line at a level of its own."""
    white, levels = (torch.randn((3, clean.shape[1], width), generator=dice) for width in (clean.shape[2], 1))
    smeared = _unit(low_pass(white, 1.0e6))
    return torch.cat([0.022 * smeared[:1] + 0.012 * levels[:1] + 0.010 * white[:1],
                      0.020 * smeared[1:] + 0.008 * levels[1:]])


def _light(clean: Tensor, dice: torch.Generator) -> Tensor:
    """Of light itself: its power follows the brightness."""
    sigma = (0.075 ** 2 * clean[:1].clamp(0, 1) + 0.008 ** 2).sqrt()
    return torch.randn(clean.shape, generator=dice) * sigma * torch.tensor([1.0, 0.7, 0.7])[:, None, None]


def _blotches(clean: Tensor, dice: torch.Generator) -> Tensor:
    """A home recorder's: luma of 1.6 MHz, colour in blotches of 16 pixels by 4 lines."""
    white = torch.randn(clean.shape, generator=dice)
    coarse = torch.randn((1, 2, clean.shape[1] // 4 + 2, clean.shape[2] // 16 + 2), generator=dice)
    blotches = interpolate(coarse, size=clean.shape[1:], mode="bicubic", align_corners=False)[0]
    return torch.cat([0.03 * _unit(low_pass(white[:1], 1.6e6)),
                      0.03 * _unit(blotches) + 0.01 * _unit(low_pass(white[1:], 0.5e6))])


KINDS: dict[str, Noise] = {"lines": _lines, "light": _light, "blotches": _blotches, "white": _white, "tape": _tape}


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--footage", type=Path, required=True, help="folder that the clips of the half lie in")
    parser.add_argument("--half", choices=HALVES, default="tuning")
    parser.add_argument("--only", nargs="+", choices=KINDS, default=list(KINDS))
    chosen = parser.parse_args()
    settle()
    try:
        clean = clips(chosen.half, chosen.footage, _MOMENTS, _WINDOW)
    except MissingFootage as error:
        print(error, file=sys.stderr)
        return 2
    for kind in chosen.only:
        _measure(kind, clean, SEEDS[chosen.half][0])
    return 0


def _measure(kind: str, clean: Sequence[Clean], seed: int) -> None:
    shots = [_recorded(clip.planes, KINDS[kind], seed + number) for number, clip in enumerate(clean)]
    began, dice = time.process_time(), np.random.default_rng(seed)
    lessons = [lessons_of(shot, _WINDOWS, dice) for shot in shots]
    shipped = _shipped()
    learnt = copy.deepcopy(shipped)
    learn(learnt, [each for number, row in enumerate(lessons) if number not in HELD_OUT for each in row])
    adapted, said = best_of(shipped, learnt, [lessons[number] for number in HELD_OUT])
    seconds = time.process_time() - began
    rows = [Row(clip.name, _scores(clip, shot, shipped, adapted)) for clip, shot in zip(clean, shots, strict=True)]
    best = max(range(1, 1 + len(TOLD)), key=lambda column: sum(row.values[column] for row in rows))
    print(table(f"{kind}, shipped is told {TOLD[best - 1]}", ("repair", "shipped", "adapted"),
                [Row(row.name, (row.values[0], row.values[best], row.values[-1])) for row in rows]))
    print(f"{'kept' if said.is_better else 'not kept'}: {said}, {seconds:.0f} s of one core\n", flush=True)


@torch.no_grad()
def _recorded(clean: Tensor, noise: Noise, seed: int) -> Stretch:
    dice = torch.Generator().manual_seed(seed)
    noisy = torch.stack([planes + noise(planes, dice) for planes in clean])
    sigma = measured_noise(noisy)
    return Stretch(noisy, mend(noisy, _NOISE, noise_sigma=sigma).clip, sigma, _NOISE.noise.radius + 1)


@torch.no_grad()
def _scores(clip: Clean, shot: Stretch, shipped: nn.Module, adapted: nn.Module) -> tuple[float, ...]:
    """The repair alone, the shipped network told each of TOLD, the adapted one."""
    at = list(_SCORED)
    made = [torch.stack([shot.repaired[index] for index in at])]
    for cleaner, left in (*((shipped, told) for told in TOLD), (adapted, ADAPTED)):
        made.append(torch.stack([_finished(cleaner, shot.repaired[index], shot.sigma, left) for index in at]))
    return tuple(decibels(each, clip.planes[at]) for each in made)


def _finished(cleaner: nn.Module, planes: Tensor, sigma: tuple[float, float], left: float) -> Tensor:
    """As the repair makes it at full strength."""
    made = cleaner(put_together(planes, (), told_of(sigma, left))[None])[0]
    return taken(planes, made, sigma, (_NOISE.noise.luma, _NOISE.noise.chroma))


def _shipped() -> nn.Module:
    own = network("cleaner")
    return read(own.path, own.sha256, own.architecture, own.build)


def _unit(noise: Tensor) -> Tensor:
    return noise / noise.std().clamp_min(1e-6)


if __name__ == "__main__":
    sys.exit(main())
