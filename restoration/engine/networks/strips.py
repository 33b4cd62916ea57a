"""A network over a picture of any size: whole where there is room for it, else in strips that overlap by what the
network looks at.

Measured on one core, 704x480 through the upscaler: whole 1.92 s, strips of 60 lines 2.63 s; whole with its channels
last in memory 1.54 s. So strips are for pictures that are too large, and channels lie last.
"""

import logging

import torch
from torch import Tensor, nn
from torch.nn.functional import pad

from restoration.engine.compute.device import is_out_of_memory, rounding

log = logging.getLogger(__name__)
ROOM = 700_000  # Pixels of a strip: 720x576 whole; a few hundred bytes each are needed.
_SMALLEST = 32  # Lines.


@torch.no_grad()
def over(network: nn.Module, shown: Tensor, *, reach: int, scale: int = 1, multiple: int = 1,
         room: int = ROOM) -> Tensor:
    """What the network makes of `shown` [C, H, W]: [c, scale H, scale W]. reach: lines around a place that what is made
    there depends on, an even number and a multiple of `multiple`: what both sides must be multiples of, edges are
    repeated up to it. Where memory runs out, strips are halved and it goes on; where strips of 32 lines are too large,
    it raises what said so."""
    wanted = shown.shape[1:]
    shown = pad(shown[None], (0, -wanted[1] % multiple, 0, -wanted[0] % multiple), mode="replicate")[0]
    height, width = shown.shape[1:]
    step = max(2, multiple)
    lines = max(_SMALLEST, min(height, room // width // step * step))
    while True:
        try:
            return _in_strips(network, shown, scale, reach, lines)[:, :scale * wanted[0], :scale * wanted[1]]
        except (RuntimeError, MemoryError) as error:
            if not is_out_of_memory(error) or lines <= _SMALLEST:
                raise
            lines = max(_SMALLEST, lines // (2 * step) * step)
            torch.cuda.empty_cache()
            log.warning("Out of memory: going on with strips of %d lines.", lines)


def _in_strips(network: nn.Module, shown: Tensor, scale: int, reach: int, lines: int) -> Tensor:
    height = shown.shape[1]
    made: list[Tensor] = []
    for top in range(0, height, lines):
        above, below = max(0, top - reach), min(height, top + lines + reach)
        strip = shown[None, :, above:below].contiguous(memory_format=torch.channels_last)
        kept = slice(scale * (top - above), scale * (min(height, top + lines) - above))
        with rounding(strip.device):
            made.append(network(strip)[0, :, kept].to(shown.dtype))
    return made[0] if len(made) == 1 else torch.cat(made, dim=1)
