"""What the analysis says of whole files: nothing to repair on clean HD, and the fields of those that have some."""

from dataclasses import dataclass
from pathlib import Path

from benchmarks.quality.results import Json
from benchmarks.quality.truth import MissingFootage
from restoration.engine import pipeline, reaching


@dataclass(frozen=True, slots=True)
class Reel:
    """A file and what is known of it. is_clean: modern HD, on which nothing may be recommended."""

    file: str
    scan: str
    order: str | None = None
    is_clean: bool = False


REELS = (
    Reel("good/hd_street_1080p.mp4", "progressive", is_clean=True),
    Reel("good/dog_park_720p30.mp4", "progressive", is_clean=True),
    Reel("good/face_office_720p.mp4", "progressive", is_clean=True),
    Reel("good/bikes_640x272.mp4", "progressive"),
    Reel("good/news_pal_704x576i_tff.ts", "interlaced", "tff"),
    Reel("good/MADE_telecine_480i_from_dog.mpg", "telecined", "tff"),
)


def measure_reels(footage: Path) -> Json:
    """The files as they are, all frames of them. Raises MissingFootage."""
    return {"case": "reels", "reels": [_analysed(footage, reel) for reel in REELS]}


def _analysed(footage: Path, reel: Reel) -> Json:
    path = footage / reel.file
    if not path.is_file():
        raise MissingFootage(f"A clip that the benchmark is made of is not here: {path}.")
    report = pipeline.analyse(path)
    settings = report.recommendation.settings
    asked = {repair.name for repair in reaching.repairs_on(settings)}
    asked |= {name for override in settings.overrides for name, values in override.changes.items()
              if values != {"enabled": False}}
    right = (report.source.scan, report.source.field_order) == (reel.scan, reel.order)
    return {"name": path.stem, "is_clean": reel.is_clean, "scan": report.source.scan,
            "order": report.source.field_order, "is_right": right, "recommended": sorted(asked)}
