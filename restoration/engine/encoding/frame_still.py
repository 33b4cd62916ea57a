"""A frame that has not been written to any file, as an exact still."""

from fractions import Fraction

from restoration.engine.encoding import pictures
from restoration.engine.encoding.stills import as_rgb, png
from restoration.engine.frames import Frame
from restoration.engine.media import writer


def still_of_frame(frame: Frame, pixel_aspect: Fraction) -> bytes:
    """A frame that leaves the last stage, as a still of the master that it would go into shows it."""
    picture = writer.to_picture(frame)
    picture.pts, picture.time_base = 0, Fraction(1, 25)
    colour = pictures.Colour.named(frame.color.matrix, frame.color.primaries, frame.color.transfer, picture.height)
    filters = [*pictures.to_bt709(writer.PIXEL_FORMAT, colour, (picture.width, picture.height)),
               *as_rgb(round(picture.width * pixel_aspect), picture.height)]
    return png(next(pictures.filtered([picture], filters)), level=1)
