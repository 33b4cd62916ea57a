"""What is trained, and how: a literal list."""

from functools import partial

import torch
from torch import nn
from torch.nn.functional import interpolate

from restoration.engine.networks.enlarger import Enlarger
from restoration.engine.training.lessons import enlarging
from restoration.engine.training.loop import Recipe
from restoration.engine.training.material import Material, patch_in_the_middle

_SCORED = 192


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


RECIPES = {
    recipe.name: recipe
    for recipe in (
        Recipe("enlarger-x4", partial(Enlarger, 4), partial(enlarging, scale=4), partial(enlarged_score, scale=4),
               steps=20_000),
        Recipe("enlarger-x2", partial(Enlarger, 2), partial(enlarging, scale=2), partial(enlarged_score, scale=2),
               steps=10_000),
    )
}
