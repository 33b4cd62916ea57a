"""What every way of enlarging is held to."""

from torch import Tensor

from restoration.engine.compute.resample import resize

DARK = 0.05  # Luma below which nothing is sharpened.


def held(made: Tensor, source: Tensor, *, times: int) -> Tensor:
    """x <- x + U(y - D(x)), in place: `made`, luma at the larger raster, with what it lacks of `source`, luma at its
    own (iterative back-projection, Irani and Peleg 1991). D is Lanczos, U is Mitchell's filter, which does not ring."""
    height, width = made.shape
    for _ in range(times):
        missing = source - resize(made, source.shape[1], source.shape[0])
        made.add_(resize(missing, width, height, kernel="mitchell"))
    return made
