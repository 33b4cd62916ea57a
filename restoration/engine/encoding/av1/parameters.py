"""AV1's film grain parameters and the bits they are told in."""

from dataclasses import dataclass

from restoration.engine.encoding.av1.bits import Written

Point = tuple[int, int]


@dataclass(frozen=True, slots=True)
class FilmGrain:
    """film_grain_params() of the AV1 specification, section 5.9.30, at an autoregression that looks one pixel around.

    luma, cb, cr: scaling points (brightness 0..255, scaling 0..255), brightness rising; luma_ar, chroma_ar: weights of
    the pixels above left, above, above right and left in 1/2^ar_shift (chroma: and none of luma); scaling_shift 8..11;
    ar_shift 6..9; coarseness: bits by which the Gaussian is weakened, 0..3.
    """

    luma: tuple[Point, ...]
    cb: tuple[Point, ...]
    cr: tuple[Point, ...]
    luma_ar: tuple[int, int, int, int]
    chroma_ar: tuple[int, int, int, int]
    scaling_shift: int
    ar_shift: int
    coarseness: int


def told_in_bits(grain: FilmGrain | None, number: int, *, is_inter: bool) -> Written:
    """film_grain_params() of an inter frame or another, the seed made of the picture's number."""
    told = Written()
    if grain is None:
        return told.put(0, 1)
    told.put(1, 1).put((7391 + 3381 * number) & 0xFFFF, 16)
    if is_inter:
        told.put(1, 1)  # update_grain
    _points(told, grain.luma)
    told.put(0, 1)  # chroma_scaling_from_luma
    if grain.luma:
        _points(told, grain.cb)
        _points(told, grain.cr)
    told.put(grain.scaling_shift - 8, 2).put(1, 2)
    if grain.luma:
        _weights(told, grain.luma_ar)
    for points in (grain.cb, grain.cr):
        if points:
            _weights(told, (*grain.chroma_ar, 0))
    told.put(grain.ar_shift - 6, 2).put(grain.coarseness, 2)
    for points in (grain.cb, grain.cr):
        if points:
            told.put(128, 8).put(192, 8).put(256, 9)  # by brightness alone
    return told.put(1, 1).put(1, 1)  # overlap_flag, clip_to_restricted_range


def _points(told: Written, points: tuple[Point, ...]) -> None:
    told.put(len(points), 4)
    for brightness, scaling in points:
        told.put(brightness, 8).put(scaling, 8)


def _weights(told: Written, weights: tuple[int, ...]) -> None:
    for weight in weights:
        told.put(weight + 128, 8)
