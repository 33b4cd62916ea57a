"""What a probe finds, as it travels from the child to whoever asked."""

from dataclasses import asdict, dataclass, field
from decimal import Decimal
from fractions import Fraction
from typing import Any

from archive.errors import RefusedError

# What of a stream is text, and how long it may be where it is kept.
LONGEST_TEXT = {"kind": 10, "codec": 60, "profile": 100, "language": 20, "field_order": 12, "pixel_aspect": 20,
                "display_aspect": 20, "pixel_format": 40, "color_primaries": 30, "color_transfer": 30,
                "color_matrix": 30, "color_range": 20, "channel_layout": 60}
# Sixteen weeks: a damaged time stamp says more, a recording never did.
LONGEST_SECONDS = 10_000_000


class ProbeError(RefusedError):
    """The file cannot be taken: one sentence that says what is wrong with it and what to do."""


class UnreadError(ProbeError):
    """Our limits on time and memory, or a crash, kept it from being read: that may be the file's fault or ours."""


@dataclass(frozen=True, slots=True)
class Remark:
    """Something worth knowing of a file that is taken all the same: a sentence with {placeholders} and its values."""

    text: str
    values: dict[str, Any] = field(default_factory=dict)

    def __str__(self) -> str:
        return self.text.format(**self.values)


@dataclass(frozen=True, slots=True, kw_only=True)
class TrackFacts:
    """One stream, in the fields of an EssenceTrack. Durations are seconds, colours have FFmpeg's names."""

    index: int
    kind: str
    codec: str
    profile: str = ""
    language: str = ""
    bit_rate: int | None = None
    duration_seconds: str | None = None
    width: int | None = None
    height: int | None = None
    rate_numerator: int | None = None
    rate_denominator: int | None = None
    is_variable_rate: bool = False
    frames: int | None = None
    field_order: str = ""
    pixel_aspect: str = ""
    display_aspect: str = ""
    pixel_format: str = ""
    bit_depth: int | None = None
    color_primaries: str = ""
    color_transfer: str = ""
    color_matrix: str = ""
    color_range: str = ""
    sample_rate: int | None = None
    channels: int | None = None
    channel_layout: str = ""

    @property
    def rate(self) -> Fraction | None:
        return Fraction(self.rate_numerator, self.rate_denominator or 1) if self.rate_numerator else None


@dataclass(frozen=True, slots=True, kw_only=True)
class ProbeResult:
    """`first_pts` is the moment of the first picture, as "numerator/denominator" seconds."""

    wrapper: str
    duration_seconds: str | None
    start_timecode: str
    first_pts: str
    tracks: tuple[TrackFacts, ...]
    remarks: tuple[Remark, ...]

    @property
    def picture(self) -> TrackFacts:
        return next(track for track in self.tracks if track.kind == "picture" and track.width)

    @property
    def duration(self) -> Decimal | None:
        return None if self.duration_seconds is None else Decimal(self.duration_seconds)

    def as_json(self) -> dict[str, Any]:
        return asdict(self)


def result_from_json(data: dict[str, Any]) -> ProbeResult:
    tracks = tuple(TrackFacts(**track) for track in data.pop("tracks"))
    remarks = tuple(Remark(**remark) for remark in data.pop("remarks"))
    return ProbeResult(tracks=tracks, remarks=remarks, **data)
