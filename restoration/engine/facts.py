"""What the engine knows of a source: the JSON that `analyse` writes and a version remembers. Light: no torch.

Frame numbers are source frame numbers, ranges are half open, rates are written "30000/1001".
"""

from fractions import Fraction
from math import log10
from typing import Annotated, Any, Literal

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from restoration.engine.settings import Settings

REPORT_VERSION = 1
WIDE_RANGE = {"smpte2084": "PQ", "arib-std-b67": "HLG"}  # The transfers of BT.2100, by FFmpeg's names.
# Correlation with the next pixel and line, from which noise is clumped as grain is.
GRAIN_LIKE = 0.2

Ratio = Annotated[
    Fraction,
    BeforeValidator(lambda value: Fraction(value)),
    PlainSerializer(lambda value: f"{value.numerator}/{value.denominator}", return_type=str),
]
Scan = Literal["progressive", "interlaced", "telecined", "mixed"]
Still = Literal["moving", "still", "black"]


class Facts(BaseModel):
    model_config = ConfigDict(frozen=True, arbitrary_types_allowed=True)


class StreamFacts(Facts):
    index: int
    kind: Literal["video", "audio", "subtitle", "data", "attachment"]
    codec: str
    detail: dict[str, Any] = {}


class Remark(Facts):
    """Something a person should know about a source that was read all the same: an English sentence with
    {placeholders}, marked for translation, and what fills them."""

    text: str
    values: dict[str, Any] = {}

    def __str__(self) -> str:
        return self.text.format(**self.values)


class SourceFacts(Facts):
    """One readable source. `video_index` is the stream that `frames` counts, `first_pts` is in seconds; names of
    colour are FFmpeg's ("smpte170m", "bt709", "tv").

    `turned`, `is_mirrored`: by how many degrees anticlockwise its pictures are turned, and whether left and right are
    then exchanged, for them to stand upright. Size, shape of pixels and order of fields are those of upright pictures.
    """

    name: str
    rate: Ratio
    frames: int
    width: int
    height: int
    pixel_aspect: Ratio
    scan: Scan
    field_order: Literal["tff", "bff"] | None
    duration: Ratio
    first_pts: Ratio = Fraction(0)
    is_variable_rate: bool = False
    matrix: str = "smpte170m"
    primaries: str = "smpte170m"
    transfer: str = "smpte170m"
    range: Literal["tv", "pc"] = "tv"
    bit_depth: int = 8
    pixel_format: str = "yuv420p"
    start_timecode: str | None = None
    drop_frame: bool = False
    streams: tuple[StreamFacts, ...] = ()
    video_index: int = 0
    is_seekable: bool = True
    turned: Literal[0, 90, 180, 270] = 0
    is_mirrored: bool = False
    remarks: tuple[Remark, ...] = ()


class Defect(Facts):
    """One kind of damage in one shot. Severity: 0.2 a trained eye finds it, 0.5 anyone sees it, 0.8 it spoils the
    picture. `frames` are the worst ones: the evidence. `hints` are numbers that a recommendation needs."""

    name: str
    severity: float = Field(ge=0, le=1)
    confidence: float = Field(ge=0, le=1)
    value: float
    unit: str
    frames: tuple[int, ...] = ()
    hints: dict[str, float] = {}


class Traits(Facts):
    """What a shot is like, and no damage.

    clumping: how alike the noise of neighbouring pixels and lines is, -1..1: near 0 for a camera's and a tape's, above
    0.2 for film grain; None where there is too little noise to tell. noise_by_luma: standard deviation of luma in each
    eighth of the scale from black to white, on the 0..1 scale, None where no such brightness is shown. looks: how many
    moments were looked at for faces, with_faces: in how many there were any, faces: how many at most, face_frames: some
    of these moments. shown: how often each picture is shown in a row. still: whether anything moves at all.
    """

    clumping: float | None = None
    noise_by_luma: tuple[float | None, ...] = ()
    looks: int = 0
    with_faces: int = 0
    faces: int = 0
    face_frames: tuple[int, ...] = ()
    shown: int = 1
    still: Still = "moving"

    @property
    def is_grainy(self) -> bool | None:
        return None if self.clumping is None else self.clumping > GRAIN_LIKE


class Shot(Facts):
    """Frames between two cuts. `transition` is how it begins."""

    index: int
    start: int
    end: int
    transition: Literal["start", "cut", "dissolve", "fade"] = "cut"
    defects: tuple[Defect, ...] = ()
    traits: Traits = Traits()
    # Bounds of the whole shot where this is a part of a long one: as far as stages may look.
    within: tuple[int, int] | None = None
    # Standard deviations on the 0..1 scale of Frame.planes.
    noise_luma: float | None = None
    noise_chroma: float | None = None

    @property
    def frames(self) -> int:
        return self.end - self.start


class Reason(Facts):
    """Why a setting is recommended: `field` is its path ("noise.luma"), `text` an English sentence with
    {placeholders}, marked for translation, `values` what fills them."""

    field: str
    text: str
    values: dict[str, Any] = {}

    def __str__(self) -> str:
        return self.text.format(**self.values)


class Recommendation(Facts):
    preset: str
    settings: Settings
    reasons: tuple[Reason, ...]


class AnalysisReport(Facts):
    version: int = REPORT_VERSION
    engine: str  # The edition of the engine's code that analyses.
    source: SourceFacts
    shots: tuple[Shot, ...]
    recommendation: Recommendation


class ChangeFacts(Facts):
    """What one repair did to one shot. Frames are the master's; shares are of the picture, 0..1: the mean over the shot
    and the largest. `backed_off`: frames it left alone, because it found more damage than can be believed."""

    repair: str
    frames: int
    share: float
    worst_share: float
    worst_frame: int | None = None
    backed_off: tuple[int, ...] = ()


MOST_DECIBELS = 99.0  # What equal pictures are said to have.
# The bounds of a faithful shot, in the units of Faithfulness.
LEAST_DECIBELS = 38.0
MOST_COLOUR = 2.0
MOST_DRIFT = 1.5


def decibels(error: float) -> float:
    """PSNR of a mean square error on the 0..1 scale, at most MOST_DECIBELS."""
    return min(-10 * log10(error), MOST_DECIBELS) if error > 0 else MOST_DECIBELS


class Worst(Facts):
    """Where a measure was at its worst: the master's frame, and how bad it was there."""

    frame: int
    value: float


class Faithfulness(Facts):
    """What enhancement added to one shot, measured on the frames `looked_at`, which are the master's.

    error: mean square of luma between the master brought down to the source's raster and the repaired source, 0..1
    scale; worst: the least PSNR of a frame, dB. colour: median CIE Lab difference of large areas, the mean over the
    frames. unexplained: share of luma's energy that the source's raster cannot hold. moved, source_moved: sums of the
    mean squares by which luma changed between two neighbours of those repaired frames that the master holds, in the
    master brought down and in the source; where five are made of two, these lie two apart. faces: how many were
    compared; drift: how far their marks (eyes, nose, mouth) lie from the source's, pixels of the source's raster, the
    mean over them; worst_drift: of the face that lies furthest, None where none was compared.
    """

    looked_at: int
    error: float
    worst: Worst
    colour: float
    worst_colour: Worst
    unexplained: float
    worst_unexplained: Worst
    moved: float = 0.0
    source_moved: float = 0.0
    faces: int = 0
    drift: float = 0.0
    worst_drift: Worst | None = None

    @property
    def holds(self) -> bool:
        """Whether the recording is in the master, by what was promised of every shot."""
        return (decibels(self.error) >= LEAST_DECIBELS and self.colour < MOST_COLOUR
                and self.drift < MOST_DRIFT)


class SegmentFacts(Facts):
    """One finished shot (or part of one) in its file. `start` and `end` count source frames, `frames` the file's."""

    digest: str = ""
    start: int
    end: int
    frames: int
    width: int
    height: int
    rate: Ratio
    size_bytes: int
    was_reused: bool = False
    changes: tuple[ChangeFacts, ...] = ()
    faithfulness: Faithfulness | None = None


class MasterFacts(Facts):
    """A finished master, as read back from its file."""

    name: str
    frames: int
    width: int
    height: int
    rate: Ratio
    pixel_aspect: Ratio
    pixel_format: str
    scan: Scan
    field_order: Literal["tff", "bff"] | None
    matrix: str
    primaries: str
    transfer: str
    start_timecode: str | None
    drop_frame: bool
    sound_streams: int
    size_bytes: int


class RestoreReport(Facts):
    """What one restoration did: enough to explain the master and to make it again."""

    version: int = REPORT_VERSION
    engine: str
    source: SourceFacts
    source_sha256: str
    settings: Settings
    settings_digest: str
    segments: tuple[SegmentFacts, ...]
    master: MasterFacts
    seconds: float
    remarks: tuple[Remark, ...] = ()
