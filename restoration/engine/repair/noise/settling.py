"""What noise is left after averaging, taken out of the cosines of blocks laid at several places.

Each cosine is shrunk by what the noise explains of it, c (1 - (t / c)^2), and is gone below t (the non-negative garrote
of Breiman 1995 and Gao 1998, on shifted transforms after Coifman and Donoho 1995). t follows the noise that is left at
the block's place and the noise's power at that frequency. The evenness of a block stays.
"""

from collections.abc import Sequence

import torch
import torch.nn.functional as F
from torch import Tensor

from restoration.engine.compute.blocks import PLACES, SIDE, pictured, spectra
from restoration.engine.repair.noise.spectrum import Band, Noise

_NOTHING = 1e-12


def settled(planes: Tensor, left: Tensor, band: Band, noise: Noise) -> Tensor:
    """`planes` [C, H, W] without the noise that is left; `left` [H, W] is its share of sigma squared. As much of the
    way as the strength says."""
    power = noise.shape * (band.beyond * band.sigma) ** 2
    power[0] = 0
    variance = left * noise.level
    cleaner = torch.stack([_shrunk(plane, variance, power, PLACES[:band.places]) for plane in planes])
    return torch.lerp(planes, cleaner, band.strength)


def _shrunk(plane: Tensor, left: Tensor, power: Tensor, places: Sequence[tuple[int, int]]) -> Tensor:
    high, wide = plane.shape
    spare = (SIDE, SIDE + -wide % SIDE, SIDE, SIDE + -high % SIDE)
    padded, share = F.pad(torch.stack((plane, left))[None], spare, mode="replicate")[0]
    summed = torch.zeros_like(padded)
    nothing, everything = plane.new_tensor(_NOTHING), plane.new_tensor(1.0)
    for down, across in places:
        part = padded[down:, across:]
        tall, broad = (size // SIDE * SIDE for size in part.shape)
        middles = share[down + SIDE // 2:down + tall:SIDE, across + SIDE // 2:across + broad:SIDE]
        coefficients = spectra(part)
        squares = torch.addcmul(nothing, coefficients, coefficients)
        gain = torch.addcdiv(everything, middles.reshape(-1, 1) * power, squares, value=-1).clamp_(min=0)
        summed[down:down + tall, across:across + broad].view(tall // SIDE, SIDE, broad // SIDE, SIDE).add_(
            pictured(coefficients.mul_(gain), tall, broad))
    return summed[SIDE:SIDE + high, SIDE:SIDE + wide] / len(places)
