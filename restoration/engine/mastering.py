"""What a master is, beside its pictures: the shape of its pixels, its matrix, its first label."""

from fractions import Fraction

from restoration.engine.facts import SourceFacts
from restoration.engine.moments import Moments
from restoration.engine.settings import Settings


def master_pixel_aspect(settings: Settings, facts: SourceFacts) -> Fraction:
    return facts.pixel_aspect if settings.upscale.height is None else Fraction(1)


def master_matrix(settings: Settings, facts: SourceFacts) -> str:
    """FFmpeg's name of the matrix the master is written with. Within BT.601 the source's own name is kept."""
    height = settings.upscale.height or facts.height
    wants_709 = height >= 720 if settings.master.matrix == "follow raster" else settings.master.matrix == "bt709"
    if wants_709:
        return "bt709"
    if facts.matrix in ("smpte170m", "bt470bg"):
        return facts.matrix
    return "bt470bg" if facts.height in (288, 576) else "smpte170m"


def start_timecode(facts: SourceFacts, start: int, moments: Moments) -> str | None:
    """The label of the master's first frame; none where the source has none."""
    if facts.start_timecode is None:
        return None
    return moments.label(facts.start_timecode, facts.rate, start, drop_frame=facts.drop_frame)
