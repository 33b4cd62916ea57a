"""Luma enlarged by the network `upscaler` from a moment and its neighbours, then held to the recording."""

from collections.abc import Sequence

import torch
from torch import Tensor

from restoration.engine.compute.drafts import drafts
from restoration.engine.compute.fine_flow import fine_flow
from restoration.engine.compute.local import local_max, local_min
from restoration.engine.compute.resample import resize
from restoration.engine.compute.ways import Linked, ways_there
from restoration.engine.enhancement.upscale.holding import DARK, held
from restoration.engine.networks.registry import Network
from restoration.engine.networks.strips import over
from restoration.engine.networks.weights import load

MOMENTS = 2  # On each side.
_BEYOND = 0.15  # Of what neighbouring pixels span.
_BLACK = 0.02  # Luma that blanking stays below.
_HELD = 2  # Times: each brings it nearer by about 6 dB.


class Learnt:
    """Goes through the moments of a shot in order, and knows the flows between those it has in hand."""

    def __init__(self, network: Network) -> None:
        self._network = network
        self._flows: dict[tuple[int, int], Tensor] = {}

    def enlarged(self, window: Sequence[tuple[int, Tensor]], middle: int, size: tuple[int, int]) -> Tensor:
        """Luma [height, width] of `size` (width, height) for the moment in the middle of a window of (number, luma
        [H, W]), held to it."""
        own, made = window[middle][1], resize(self.alone(window, middle), *size)
        return _within(held(_as_dark_as_it_was(made, own, size), own, times=_HELD), own, size)

    def alone(self, window: Sequence[tuple[int, Tensor]], middle: int) -> Tensor:
        """What the network alone makes of it, at its own scale."""
        self._forget_before(window[0][0])
        moments = [self._linked(window, index) for index in range(len(window))]
        own = window[middle][1]
        around: list[tuple[Tensor, Tensor] | None] = [None] * (2 * MOMENTS)
        for step in (-1, 1):
            for index, way in ways_there(moments, middle, step):
                away = index - middle
                around[away + MOMENTS - (away > 0)] = window[index][1], way
        scale = self._network.scale
        shown = torch.cat((own[None], drafts(own, around, scale)))
        return over(load(self._network, own.device), shown, scale=scale, reach=self._network.margin)[0]

    def _linked(self, window: Sequence[tuple[int, Tensor]], index: int) -> Linked:
        """Planes are nobody's business here: flows alone are asked for."""
        if index == 0:
            return Linked(window[0][1])
        (before, earlier), (number, luma) = window[index - 1], window[index]
        return Linked(luma, self._flow(number, luma, before, earlier), self._flow(before, earlier, number, luma))

    def _flow(self, number: int, luma: Tensor, other: int, there: Tensor) -> Tensor:
        if (number, other) not in self._flows:
            self._flows[number, other] = fine_flow(luma, there)
        return self._flows[number, other]

    def _forget_before(self, number: int) -> None:
        self._flows = {pair: flow for pair, flow in self._flows.items() if min(pair) >= number}


def _within(made: Tensor, own: Tensor, size: tuple[int, int]) -> Tensor:
    """No further beyond what neighbouring pixels of the source span than fine lines need, and not at all beside black:
    an edge of blanking would ring."""
    least = local_min(own)
    lowest, highest = (resize(limit, *size, kernel="linear") for limit in (least, local_max(own)))
    lit = resize((local_min(least) / _BLACK).clamp_(0, 1), *size, kernel="linear")
    spare = (highest - lowest).mul_(_BEYOND).mul_(lit)
    return made.clamp_(lowest - spare, highest + spare)


def _as_dark_as_it_was(made: Tensor, own: Tensor, size: tuple[int, int]) -> Tensor:
    """Near black the enlarged source, above it what was made."""
    plain = resize(own, *size, kernel="mitchell")
    share = (plain - DARK / 2).mul_(2 / DARK).clamp_(0, 1)
    return torch.lerp(plain, made, share)
