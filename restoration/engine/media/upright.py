"""Pictures made to stand upright that were coded lying, as a turned camera leaves them. Light: no torch.

Which way is up stands in the display matrix (ISO/IEC 14496-12, 8.5.2), which players follow and decoders do not.
"""

import struct
from dataclasses import dataclass
from fractions import Fraction
from math import atan2, degrees
from typing import TYPE_CHECKING, Any

from av.filter import Graph
from av.video.frame import VideoFrame

from restoration.engine.facts import SourceFacts
from restoration.engine.media.graphs import plainly, source_of

if TYPE_CHECKING:
    from torch import Tensor

# Off a quarter by no more than this it is one: what FFmpeg takes it for.
_TOLERANCE = 1
# A sample of colour lies at one end of the columns or lines it stands for, and turning would move it to the other; so
# colour is brought to luma's raster first.
_FULL_COLOUR = "|".join(f"{kind}{depth}le" for kind in ("yuv444p", "gbrp", "gray") for depth in (10, 12, 14, 16))
_FILTERS = {0: (), 90: (("transpose", "cclock"),), 180: (("hflip", ""), ("vflip", "")), 270: (("transpose", "clock"),)}
_ACCURATELY = "flags=lanczos+accurate_rnd+full_chroma_int+full_chroma_inp"


@dataclass(frozen=True, slots=True)
class Turn:
    """How a picture is to be shown: turned anticlockwise by so many degrees, 0..359, and then, where `is_mirrored`,
    with left and right exchanged."""

    degrees: int = 0
    is_mirrored: bool = False

    @property
    def lays_lines_upright(self) -> bool:
        """Whether lines become columns."""
        return self.degrees % 180 == 90

    @property
    def puts_last_line_first(self) -> bool:
        """By which, where their number is even, the lines of one field come to lie where those of the other were."""
        return self.degrees == 180


AS_CODED = Turn()


def asked_of(picture: VideoFrame) -> Turn:
    """What a decoded picture asks of players."""
    matrix: Any = picture.side_data.get("DISPLAYMATRIX")
    if matrix is None:
        return AS_CODED
    a, b, _, c, d, *_ = struct.unpack("=9i", bytes(matrix)[:36])  # As the standard names them.
    is_mirrored = a * d - b * c < 0
    angle = round(degrees(atan2(-b, -a if is_mirrored else a)))
    quarter = 90 * round(angle / 90)
    return Turn((quarter if abs(angle - quarter) <= _TOLERANCE else angle) % 360, is_mirrored)


def as_far_as_possible(asked: Turn, *, has_fields: bool) -> Turn:
    """What is done of it: all but what would need pixels between pixels, or would make columns of the lines of fields,
    by which the fields are told from each other."""
    is_possible = asked.degrees in _FILTERS and not (has_fields and asked.lays_lines_upright)
    return asked if is_possible else AS_CODED


def turn_of(facts: SourceFacts) -> Turn:
    return Turn(facts.turned, facts.is_mirrored)


def as_shown(coded: SourceFacts, turn: Turn) -> SourceFacts:
    """The facts of a source whose pictures are turned so when they are read, from those as they are coded."""
    update: dict[str, Any] = {"turned": turn.degrees, "is_mirrored": turn.is_mirrored}
    if turn.lays_lines_upright:
        update |= {"width": coded.height, "height": coded.width, "pixel_aspect": 1 / coded.pixel_aspect}
    if turn.puts_last_line_first and coded.field_order and coded.height % 2 == 0:
        update["field_order"] = "bff" if coded.field_order == "tff" else "tff"
    return coded.model_copy(update=update)


def turned_planes(planes: "Tensor", turn: Turn) -> "Tensor":
    """float32 [..., H, W] as coded, colour at luma's raster -> the same upright, every value kept."""
    upright = planes.rot90(turn.degrees // 90, (-2, -1))
    return (upright.flip(-1) if turn.is_mirrored else upright).contiguous()


def coded_raster(facts: SourceFacts) -> tuple[int, int]:
    """(width, height) of the pictures as they are decoded."""
    across, down = facts.width, facts.height
    return (down, across) if turn_of(facts).lays_lines_upright else (across, down)


class Turner:
    """Makes the decoded pictures of one source stand upright, one after the other."""

    def __init__(self, facts: SourceFacts) -> None:
        self._facts = facts
        self._graph: Graph | None = None
        self._made_for: tuple[int, int, str] | None = None

    def upright(self, picture: VideoFrame) -> VideoFrame:
        """The picture as it is to be shown, with colour at luma's raster and at least 10 bits; the same object where
        nothing is to be turned."""
        if turn_of(self._facts) == AS_CODED:
            return picture
        form = picture.width, picture.height, picture.format.name
        if self._graph is None or self._made_for != form:
            self._graph, self._made_for = _graph(picture, self._facts), form
        self._graph.push(plainly(picture))
        made = self._graph.pull()
        assert isinstance(made, VideoFrame)  # noqa: S101 (what goes in are pictures alone)
        return made


def _graph(picture: VideoFrame, facts: SourceFacts) -> Graph:
    graph, turn = Graph(), turn_of(facts)
    steps = [source_of(graph, picture, picture.time_base or Fraction(1, 1000))]
    steps += [graph.add(name, arguments) for name, arguments in (
        _full_colour(facts), ("format", _FULL_COLOUR), *_FILTERS[turn.degrees],
        *([("hflip", "")] if turn.is_mirrored else []),
        # Whoever reads it next must not turn it once more.
        ("sidedata", "mode=delete:type=DISPLAYMATRIX"))]
    graph.link_nodes(*steps, graph.add("buffersink")).configure()
    return graph


def _full_colour(facts: SourceFacts) -> tuple[str, str]:
    """The conversion that places colour as the encoder was told that it lies, field by field where there are two."""
    width, height = coded_raster(facts)
    by_fields = 1 if facts.scan in ("interlaced", "telecined") else -1
    return "scale", f"{width}:{height}:interl={by_fields}:in_range={facts.range}:out_range={facts.range}:{_ACCURATELY}"
