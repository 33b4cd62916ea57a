"""What strong noise leaves behind the averaging, taken out by the network `cleaner`.

The averaging and the shrinking of waves know no pictures; where noise is strong, what they leave is a restlessness that
a network tells from edges. It sees each frame by itself and is told a tenth of the noise, which was measured to be what
is left (`python -m benchmarks.cleaning`). Nothing is moved by more than the noise's standard deviation, so that what
the noise cannot explain stays. Adapted weights (engine/adapting) follow noise of any strength.
"""

from collections.abc import Callable
from functools import partial

from torch import Tensor

from restoration.engine.networks.cleaning import cleaned
from restoration.engine.settings import LARGE, NoiseSettings
from restoration.engine.stage import ShotContext

LEFT = 0.1  # Of the noise, after averaging and shrinking.
ADAPTED = 0.2  # What a network that was adapted to a recording is told of it, while it learns and after.

Finish = Callable[[Tensor], Tensor]
Pair = tuple[float, float]  # Of luma and of colour.


def finish_of(settings: NoiseSettings, context: ShotContext) -> Finish | None:
    """From planes [3, H, W] that the averaging has made to those the network makes of them, as far as the strengths
    say; None where the noise is too weak for it, or nobody wants it."""
    if not settings.asks_network(context.noise_sigma[0]):
        return None
    return partial(finished, sigma=context.noise_sigma, strength=(settings.luma, settings.chroma),
                   left=ADAPTED if settings.adapted else LEFT, weights=settings.adapted,
                   is_large=settings.network == LARGE)


def finished(planes: Tensor, *, sigma: Pair, strength: Pair = (1.0, 1.0), left: float = LEFT,
             weights: str | None = None, is_large: bool = False) -> Tensor:
    """sigma: the noise's standard deviations before anything was done; left: which share of them is told; weights,
    is_large: as of `networks.cleaning.cleaned`."""
    return taken(planes, cleaned(planes, (), told_of(sigma, left), weights, is_large=is_large), sigma, strength)


def told_of(sigma: Pair, left: float) -> tuple[float, float, float]:
    """What a network is told is to be taken out, as `networks.cleaner.put_together` has it."""
    return left * sigma[0], left * sigma[1], 0.0


def taken(planes: Tensor, made: Tensor, sigma: Pair, strength: Pair) -> Tensor:
    """What is taken of what a network made of planes [3, H, W]: no more than the noise explains, as far as the
    strengths say."""
    luma, chroma = sigma
    most = planes.new_tensor((luma, chroma, chroma))[:, None, None]
    share = planes.new_tensor((strength[0], strength[1], strength[1]))[:, None, None]
    return planes + (made - planes).clamp(-most, most) * share
