"""Where decoded pictures enter FFmpeg's filters. Light: no torch."""

from fractions import Fraction

from av.filter import Graph
from av.filter.context import FilterContext
from av.video.frame import VideoFrame


def source_of(graph: Graph, picture: VideoFrame, time_base: Fraction) -> FilterContext:
    """The beginning of a graph for pictures like this one, with what they say of their matrix and range.

    PyAV's own states neither; the first conversion of their format would then be one to a matrix that nobody named,
    BT.601's, and their numbers would no longer be those of the matrix that they say they have.
    """
    said = f"video_size={picture.width}x{picture.height}:pix_fmt={picture.format.name}:time_base={time_base}"
    if not picture.format.is_rgb:
        said += f":colorspace={int(picture.colorspace)}:range={int(picture.color_range)}"
    return graph.add("buffer", said)
