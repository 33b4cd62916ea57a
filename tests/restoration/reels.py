"""A small tape with bytes, taken into custody and analysed, for tests in which the engine really works."""

import hashlib
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import torch

from archive.actions import ingest
from archive.models import MediaFile, User
from archive.storage import holding_path
from restoration.engine import pipeline
from restoration.engine.facts import AnalysisReport, Recommendation, Shot
from restoration.engine.settings import FieldsSettings, NoiseSettings, Settings
from restoration.models import Analysis
from tests import clips
from tests.factories import AssetFactory, InstantiationFactory
from tests.restoration.factories import AnalysisFactory

Cuts = tuple[tuple[int, int], ...]

SIZE = (128, 96)
# The one in the middle takes some seconds: long enough to be disturbed.
LONG: Cuts = ((0, 2), (2, 42), (42, 44))
SHORT: Cuts = ((0, 2), (2, 12), (12, 14))
CHOSEN = Settings(fields=FieldsSettings(method="frames", order="tff"), noise=NoiseSettings(enabled=True, radius=2))


def write_tape(folder: Path, cuts: Cuts = LONG) -> Path:
    """Three shots of an interlaced scene, with sound."""
    moments = torch.cat([clips.scene(2 * (end - start), SIZE, seed=start, rate=2) for start, end in cuts])
    frames = clips.interlace(clips.noisy(moments, 0.02, seed=1), "tff")
    return clips.write(folder / "reel.mkv", frames, Fraction(30000, 1001), fields="tff",
                       sound=clips.Sound(cuts[-1][1] / 29), timecode="01:00:00:00")


def report_of(tape: Path, cuts: Cuts = LONG) -> AnalysisReport:
    """What an analysis finds, without waiting for one."""
    facts = pipeline.inspect(tape).model_copy(update={"scan": "interlaced", "field_order": "tff"})
    shots = tuple(Shot(index=index, start=start, end=end, noise_luma=0.02, noise_chroma=0.02)
                  for index, (start, end) in enumerate(cuts))
    return AnalysisReport(engine="0.1.0", source=facts, shots=shots,
                          recommendation=Recommendation(preset="tape", settings=CHOSEN, reasons=()))


def analysed(tape: Path, ada: User, cuts: Cuts = LONG) -> Analysis:
    media_file = ingest.ingest(tape, by=ada, asset=AssetFactory(accession_number="HR 2000/1"),
                               derived_from=InstantiationFactory())
    return AnalysisFactory(media_file=media_file, report=report_of(tape, cuts).model_dump(mode="json"),
                           picture=False)


def frames_of(file: Path | MediaFile) -> list[str]:
    """A digest of each decoded frame."""
    return list(_digests(holding_path(file) if isinstance(file, MediaFile) else file))


def _digests(path: Path) -> Iterator[str]:
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            yield hashlib.sha256(frame.to_ndarray().tobytes()).hexdigest()
