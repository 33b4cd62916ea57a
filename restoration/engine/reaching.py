"""How far around a shot its stages look, and which frames anybody wants of each."""

from collections.abc import Sequence
from math import floor

from restoration.engine.enhancement import faces, upscale
from restoration.engine.enhancement.depth import REACH as DEPTH_REACH
from restoration.engine.facts import Shot
from restoration.engine.moments import Moments
from restoration.engine.repair import AFTER_FIELDS, BEFORE_FIELDS, FIELDS, REPAIRS
from restoration.engine.repairing import Repair
from restoration.engine.settings import Settings


def repairs_on(settings: Settings) -> list[Repair]:
    """The repairs that these settings ask for, in the order in which they run."""
    return [repair for repair in REPAIRS if repair.is_on(getattr(settings, repair.name))]


def moments_of(settings: Settings) -> Moments:
    """How the master's frames lie in the source's time."""
    return Moments.of(settings.fields, settings.retime)


def repaired(settings: Settings) -> Moments:
    """How the frames that the repairs make lie in the source's time."""
    return moments_of(settings).before_retiming


def whole(shot: Shot) -> tuple[int, int]:
    """The bounds of the whole shot that this may be a part of."""
    return shot.within or (shot.start, shot.end)


def noise_sigma(shot: Shot) -> tuple[float, float]:
    return shot.noise_luma or 0.0, shot.noise_chroma or 0.0


def frames_around(shot: Shot, settings: Settings) -> tuple[int, int]:
    """The source frames to read for a shot: as far around it as its stages look, within its cuts."""
    before, after = reaches(settings)
    around = before + moments_of(settings).around(after)
    low, high = whole(shot)
    return max(low, shot.start - around), min(high, shot.end + around)


def reaches(settings: Settings) -> tuple[int, int]:
    """How far all stages until fields become frames look, in source frames, and those from there on, in moments."""
    return (_reach_of((*BEFORE_FIELDS, FIELDS), settings), _reach_of(AFTER_FIELDS, settings) + beyond(settings))


def followed_by(moments: Moments, wanted: range) -> range:
    """The repairs' frames that those of the master are made of: their own, and where some lie in between, the next."""
    if moments.retimed == 1 or not wanted:
        return wanted
    first, last = (floor(moments.from_repaired(number)) for number in (wanted.start, wanted.stop - 1))
    return range(first, last + 2)


def wanted_of(repair: Repair, settings: Settings, shot: Shot, followed: range) -> range:
    """Of the frames that leave this repair those that the master's follow, and those around them that the stages after
    it look at."""
    on, moments = repairs_on(settings), repaired(settings)
    following = on[on.index(repair) + 1:]
    after = _reach_of([one for one in following if one in AFTER_FIELDS], settings) + beyond(settings)
    if repair in BEFORE_FIELDS:
        around = _reach_of([one for one in following if one not in AFTER_FIELDS], settings) + moments.around(after)
        return range(shot.start - around, shot.end + around)
    return range(followed.start - after, followed.stop + after)


def beyond(settings: Settings) -> int:
    """How many moments on each side enhancement looks at."""
    return (faces.reach(settings.faces) + DEPTH_REACH * settings.depth.enabled
            + upscale.reach(settings.upscale) + (moments_of(settings).retimed != 1))


def _reach_of(repairs: Sequence[Repair], settings: Settings) -> int:
    return sum(repair.reach(getattr(settings, repair.name)) for repair in repairs
               if repair.is_on(getattr(settings, repair.name)))
