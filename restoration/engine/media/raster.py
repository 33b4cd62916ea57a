"""Shapes of pictures: which columns are picture, and which raster of square pixels they fill. Light: no torch."""

from fractions import Fraction

from restoration.engine.settings import Settings, UpscaleSettings

# Rec. 601 samples 720 columns, of which 704 are the picture's width in these pixel shapes; the rest is blanking.
_ANALOGUE_SHAPES = {480: (Fraction(10, 11), Fraction(40, 33)), 576: (Fraction(12, 11), Fraction(16, 11))}


def target_raster(width: int, height: int, pixel_aspect: Fraction, settings: UpscaleSettings) -> tuple[int, int]:
    """(width, height) of the master: even, with square pixels, or the source's own where no height is set.

    720x480 with pixels of 10:11 or 8:9 becomes 2880x2160 at 2160 lines, 704x576 with 16:11 becomes 3840x2160.
    """
    if settings.height is None:
        return width, height
    _, columns = active_columns(width, height, pixel_aspect)
    return max(2, 2 * round(columns * pixel_aspect * settings.height / height / 2)), settings.height


def active_columns(width: int, height: int, pixel_aspect: Fraction) -> tuple[int, int]:
    """(first column, number of columns) that make the picture's shape: 704 of 720 where the pixels are analogue
    video's, else all."""
    if width == 720 and pixel_aspect in _ANALOGUE_SHAPES.get(height, ()):
        return 8, 704
    return 0, width


def columns_in_master(width: int, height: int, pixel_aspect: Fraction, settings: Settings) -> tuple[int, int]:
    """(first column, number of columns) of the source that the master shows: all of them where it kept the raster."""
    if settings.upscale.height is None:
        return 0, width
    return active_columns(width, height, pixel_aspect)
