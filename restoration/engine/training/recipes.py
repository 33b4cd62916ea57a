"""What is trained, and how: a literal list."""

from dataclasses import replace
from functools import partial

import numpy as np
import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from restoration.engine.ageing.compression import jpeg
from restoration.engine.networks.cleaner import Cleaner, put_together
from restoration.engine.networks.mender import Mender
from restoration.engine.networks.segmenter import Segmenter
from restoration.engine.networks.upscaler import Upscaler
from restoration.engine.training.dirt_lessons import evidences, finding, found_score, gathered, missed
from restoration.engine.training.lessons import enlarging
from restoration.engine.training.material import Material, and_halved, patch_in_the_middle
from restoration.engine.training.recipe import Recipe, squared
from restoration.engine.training.sequences import moving
from restoration.engine.training.spoiling import spoilt, told_of_white, white
from restoration.engine.training.tapes import Tapes, mending, mending_in_any_light, planes_of, tapes

_SCORED = 192
_TRIES = 4  # Places, of which the most detailed is as detailed as LIVE1's are on the mean (docs/models/cleaner.md).
_DEEP = 12  # Blocks of what has learnt all that eight can hold.


@torch.no_grad()
def enlarged_score(network: nn.Module, material: Material, *, scale: int) -> float:
    """Mean PSNR of luma, dB, on the middle of every picture held out."""
    errors = []
    for picture in material.held_out:
        whole = patch_in_the_middle(picture, _SCORED)
        small = interpolate(whole[None], scale_factor=1 / scale, mode="bicubic", antialias=True)
        made = network((small * 255).round().clamp(0, 255) / 255)
        edge = slice(scale, -scale)
        errors.append((made.clamp(0, 1) - whole)[..., edge, edge].square().mean().log10())
    return float(-10 * torch.stack(errors).mean())


@torch.no_grad()
def cleaned_score(network: nn.Module, material: Material) -> float:
    """Mean PSNR of the three planes, dB, on the middle of every picture held out: with noise of 30/255 on R'G'B', and
    through JPEG of quality 10."""
    errors = []
    for number, picture in enumerate(material.held_out):
        clean = patch_in_the_middle(picture, _SCORED)
        noisy = clean + white(clean[None].shape, 30 / 255, np.random.default_rng(number))[0]
        coded = jpeg(clean[None], number, quality=10).clip[0]
        coarse = float((coded - clean)[0].square().mean().sqrt())
        for damaged, told in ((noisy, (*told_of_white(30 / 255), 0.0)), (coded, (0.0, 0.0, coarse))):
            errors.append((_alone(network, damaged, told) - clean).square().mean().log10())
    return float(-10 * torch.stack(errors).mean())


@torch.no_grad()
def mended_score(network: nn.Module, taped: Tapes) -> float:
    """Mean PSNR of luma, dB, of one moment of every clip held out."""
    errors = []
    for clip in taped.held_out:
        shown, wanted = planes_of(clip[:, clip.shape[1] // 2])
        errors.append((network(shown[None])[0, 0] - wanted[0]).square().mean().log10())
    return float(-10 * torch.stack(errors).mean())


def _alone(network: nn.Module, planes: Tensor, told: tuple[float, float, float]) -> Tensor:
    made: Tensor = network(put_together(planes, (), told)[None])[0]
    return made


def _upscaler(scale: int, singles: int, moved: int, shallow: int, deeper: int, steps: int) -> Recipe:
    """First single pictures, which are quick to make, then moving ones, then both for long, at last with more
    blocks."""
    score = partial(enlarged_score, scale=scale)
    single = Recipe(f"upscaler-x{scale}-single", partial(Upscaler, scale), partial(enlarging, scale=scale), score,
                    steps=20_000)
    moves = replace(single, name=f"upscaler-x{scale}-moving", lesson=partial(moving, scale=scale), steps=moved, batch=6,
                    after=(single, singles))
    both = replace(single, name=f"upscaler-x{scale}-shallow", lesson=partial(moving, scale=scale, alone=0.6),
                   steps=shallow, batch=8, rate=4e-4, in_bfloat16=True, after=(moves, moved))
    deep = replace(both, name=f"upscaler-x{scale}-deep", build=partial(Upscaler, scale, blocks=_DEEP), steps=deeper,
                   rate=6e-4, seed=2, after=(both, shallow))
    return replace(deep, name=f"upscaler-x{scale}", steps=steps, batch=32, rate=5e-4, seed=3, after=(deep, deeper),
                   lesson=partial(moving, scale=scale, alone=0.0),
                   instead=(0.6, partial(enlarging, scale=scale, size=64)))


def _quick_upscaler(scale: int, steps: int) -> Recipe:
    """Single pictures and moving ones from the beginning."""
    return Recipe(f"upscaler-x{scale}", partial(Upscaler, scale), partial(moving, scale=scale, alone=0.6),
                  partial(enlarged_score, scale=scale), steps=steps, batch=8, in_bfloat16=True)


def _large_upscaler(scale: int, steps: int) -> Recipe:
    """Made for a GPU, and taught by one: single pictures and moving ones from the beginning."""
    return Recipe(f"upscaler-x{scale}-large", partial(Upscaler, scale, channels=80, blocks=20),
                  partial(moving, scale=scale, alone=0.0), partial(enlarged_score, scale=scale), steps=steps, batch=32,
                  rate=6e-4, in_bfloat16=True, exported=torch.float16,
                  instead=(0.7, partial(enlarging, scale=scale, size=64)))


def _taught_by_a_gpu(name: str, channels: int, blocks: int, steps: int) -> Recipe:
    """A cleaner, with all kinds of damage in large patches from the beginning."""
    return Recipe(name, partial(Cleaner, channels, blocks), partial(spoilt, size=128, alone=False), cleaned_score,
                  steps=steps, batch=32, rate=6e-4, in_colour=True, in_bfloat16=True, exported=torch.float16,
                  instead=(0.9, partial(spoilt, size=128, alone=True)))


_CLEANER_FIRST = _taught_by_a_gpu("cleaner-first", 64, 16, steps=16_000)
# A short part for two cores: on what is hard, and towards the mean of what a place may have been, not its median.
_CLEANER = replace(_CLEANER_FIRST, name="cleaner", steps=2_400, batch=8, rate=2e-4, seed=2, loss=squared,
                   prepared=and_halved, after=(_CLEANER_FIRST, 16_000),
                   lesson=partial(spoilt, size=96, alone=False, tries=_TRIES),
                   instead=(0.9, partial(spoilt, size=96, alone=True, tries=_TRIES)))

_OF_TAPES = Recipe("tape-mender-first", Mender, mending, mended_score, steps=7_000, batch=8, in_colour=True,
                   prepared=tapes)
_IN_COLOURED_LIGHT = replace(_OF_TAPES, name="tape-mender-second", lesson=partial(mending, is_lit=True), steps=3_000,
                             rate=5e-4, after=(_OF_TAPES, 7_000))
_DEEPER = replace(_OF_TAPES, name="tape-mender-third", build=partial(Mender, blocks=_DEEP),
                  lesson=partial(mending_in_any_light, size=96), steps=7_000, batch=4, rate=6e-4, seed=2,
                  in_bfloat16=True, prepared=partial(tapes, more=160), after=(_IN_COLOURED_LIGHT, 3_000))
_BY_SQUARES = replace(_DEEPER, name="tape-mender-fourth", steps=6_000, rate=5e-4, seed=3, loss=squared,
                      after=(_DEEPER, 7_000))
_TAPE_MENDER = replace(_BY_SQUARES, name="tape-mender", batch=6, steps=12_000, seed=4, after=(_BY_SQUARES, 6_000))

_DIRT_FIRST = Recipe("dirt-first", Segmenter, finding, found_score, steps=12_000, rate=2e-3, gathered=gathered,
                     prepared=evidences, loss=missed)
_DIRT = replace(_DIRT_FIRST, name="dirt", steps=1_500, rate=1e-3, seed=2, after=(_DIRT_FIRST, 2_500))

RECIPES = {recipe.name: recipe for recipe in (
    _quick_upscaler(2, steps=5_000),
    _upscaler(4, singles=3_000, moved=5_000, shallow=6_000, deeper=6_500, steps=6_000),
    _large_upscaler(4, steps=15_000),
    _CLEANER, _taught_by_a_gpu("cleaner-large", 96, 20, steps=16_000), _TAPE_MENDER, _DIRT)}
