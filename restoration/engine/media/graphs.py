"""Where decoded pictures enter FFmpeg's filters. Light: no torch."""

from fractions import Fraction

from av.filter import Graph
from av.filter.context import FilterContext
from av.video.frame import VideoFrame

UNSAID = 2
# What FFmpeg's scaler can convert from; a decoder passes on whatever number stands in a file.
_MATRICES = frozenset({1, 4, 5, 6, 7, 9})
_PRIMARIES = frozenset({1, *range(4, 13), 22})
_TRANSFERS = frozenset({1, *range(4, 19)})
_RANGES = frozenset({1, 2})


def source_of(graph: Graph, picture: VideoFrame, time_base: Fraction) -> FilterContext:
    """The beginning of a graph for pictures like this one, with what they say of their matrix and range.

    PyAV's own states neither; the first conversion of their format would then be one to a matrix that nobody named,
    BT.601's, and their numbers would no longer be those of the matrix that they say they have.
    """
    said = f"video_size={picture.width}x{picture.height}:pix_fmt={picture.format.name}:time_base={time_base}"
    if not picture.format.is_rgb:
        plain = plainly(picture)
        said += f":colorspace={int(plain.colorspace)}:range={int(plain.color_range)}"
    return graph.add("buffer", said)


def plainly(picture: VideoFrame) -> VideoFrame:
    """The picture itself, which says nothing any more of its colour that no filter can take: so it is asked of each
    before it enters a graph."""
    if not picture.format.is_rgb and picture.colorspace not in _MATRICES:
        picture.colorspace = UNSAID
    if picture.color_range not in _RANGES:
        picture.color_range = 0
    if picture.color_primaries not in _PRIMARIES:
        picture.color_primaries = UNSAID
    if picture.color_trc not in _TRANSFERS:
        picture.color_trc = UNSAID
    return picture
