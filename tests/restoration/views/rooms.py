"""A version ready for review with real bytes: source, master and pair reel that carry their frame numbers."""

from fractions import Fraction
from uuid import uuid4

from archive.storage import derivative_path, holding_path
from archive.vocabularies import EssenceKind
from restoration.engine.settings import PRESETS
from restoration.models import Version
from tests.factories import TrackFactory
from tests.restoration.factories import AnalysisFactory, VersionFactory, report
from tests.restoration.views import barcode

RATE = Fraction(30000, 1001)


def version_with_bytes(frames: int = 60, start_timecode: str = "00:59:59;20") -> Version:
    found = report(((0, frames // 3), (frames // 3, frames // 2), (frames // 2, frames)))
    source = found.source.model_copy(update={
        "rate": RATE, "frames": frames, "width": barcode.WIDTH, "height": barcode.HEIGHT, "pixel_aspect": Fraction(1),
        "scan": "progressive", "field_order": None, "start_timecode": start_timecode, "drop_frame": True})
    found = found.model_copy(update={"source": source})
    version: Version = VersionFactory(
        made=True, analysis=AnalysisFactory(report=found.model_dump(mode="json")),
        settings=PRESETS["as-is"].settings.model_dump(mode="json"),
        pair_reel={"rate": "30000/1001", "frames": frames, "side_width": barcode.WIDTH,
                   "side_height": barcode.HEIGHT, "frame_map": "identity", "first_frame": 0, "has_sound": False})
    assert version.master is not None
    version.master.start_timecode = start_timecode
    version.master.save()
    TrackFactory(media_file=version.master, kind=EssenceKind.PICTURE, width=barcode.WIDTH, height=barcode.HEIGHT)
    for file, grey in ((version.source, barcode.LEFT_GREY), (version.master, barcode.RIGHT_GREY)):
        path = holding_path(file)
        path.parent.mkdir(parents=True, exist_ok=True)
        barcode.write_lossless(path, frames, grey)
    reel = derivative_path(version.pair_reel_key)
    reel.parent.mkdir(parents=True, exist_ok=True)
    barcode.write_pair_reel(reel, frames)
    return version


def version_with_reel(frames: int, rate: Fraction = RATE, *, gop: int = 6, beside: Version | None = None) -> Version:
    """A version of which only the pair reel has bytes, of a master so large that its stills are not asked for while the
    whole picture is seen; `beside` another of the same source."""
    analysis = beside.analysis if beside else AnalysisFactory(report=report(((0, frames),)).model_dump(mode="json"))
    version: Version = VersionFactory(
        made=True, analysis=analysis, settings=PRESETS["as-is"].settings.model_dump(mode="json"),
        pair_reel_key=f"pair-reels/{uuid4().hex}/reel.mp4",
        pair_reel={"rate": f"{rate.numerator}/{rate.denominator}", "frames": frames, "side_width": barcode.WIDTH,
                   "side_height": barcode.HEIGHT, "frame_map": "identity", "first_frame": 0, "has_sound": False})
    TrackFactory(media_file=version.master, kind=EssenceKind.PICTURE, width=20 * barcode.WIDTH,
                 height=20 * barcode.HEIGHT)
    reel = derivative_path(version.pair_reel_key)
    reel.parent.mkdir(parents=True, exist_ok=True)
    barcode.write_pair_reel(reel, frames, rate, gop)
    return version
