"""What a picture's numbers mean, said for it where its file does not say: by the rule that players go by."""

from fractions import Fraction

from av.filter import Graph
from av.filter.context import FilterContext
from av.video.frame import VideoFrame

BT709, BT601 = 1, 6
LIMITED, FULL = 1, 2
UNSAID = 2
HIGH_DEFINITION = 720  # Lines from which a picture that does not say its matrix has BT.709's.
_NAMES = {1: "bt709", 4: "fcc", 5: "bt470", 6: "smpte170m", 7: "smpte240m", 9: "bt2020"}


def matrix_of(picture: VideoFrame, *, lines: int) -> int:
    """The matrix it says it has, where that is one that can be converted; what its lines tell otherwise."""
    said = int(picture.colorspace)
    if said in _NAMES and not picture.format.is_rgb:
        return said
    return BT709 if lines >= HIGH_DEFINITION else BT601


def plainly(picture: VideoFrame, matrix: int) -> VideoFrame:
    """The picture itself, which says that its numbers are of that matrix, and no more: a decoder passes on whatever
    number stands in a file, and FFmpeg's scaler refuses those that it does not know."""
    if not picture.format.is_rgb:
        picture.colorspace = matrix
    picture.color_range = picture.color_range if picture.color_range in (LIMITED, FULL) else 0
    picture.color_primaries = picture.color_trc = UNSAID
    return picture


def source_of(graph: Graph, picture: VideoFrame, matrix: int, time_base: Fraction) -> FilterContext:
    """The beginning of a graph for pictures like this one, with their matrix and range. PyAV's own states neither, and
    the first conversion of their format would be one to a matrix that nobody named."""
    said = f"video_size={picture.width}x{picture.height}:pix_fmt={picture.format.name}:time_base={time_base}"
    if not picture.format.is_rgb:
        said += f":colorspace={matrix}:range={int(picture.color_range)}"
    return graph.add("buffer", said)


def scaled(width: int, height: int, matrix: int) -> tuple[str, str]:
    """The filter that brings pictures to a size, and their numbers to the limited range of that matrix."""
    return "scale", f"{width}:{height}:flags=bicubic:out_color_matrix={_NAMES[matrix]}:out_range=tv"
