"""Some stretches of a recording, before and behind its noise repair: never more than one in memory."""

from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from restoration.engine.adapting.material import TARGETS, Stretch
from restoration.engine.facts import AnalysisReport, Shot
from restoration.engine.progress import IsCancelled, never
from restoration.engine.reaching import moments_of, noise_sigma
from restoration.engine.scouting import through_noise
from restoration.engine.settings import Settings

MOST = 6  # Stretches.
_MOMENTS = 14
_SHARED_BY_FIELDS = 2  # Moments beside one that were made with lines of its frame.


def chosen_shots(report: AnalysisReport, settings: Settings) -> list[Shot]:
    """At most MOST parts of noisy shots, evenly spread over the reel and within each, none overlapping another; shots
    too short to learn from are passed over."""
    moments = moments_of(settings).before_retiming
    length, least = moments.around(_MOMENTS), moments.around(_apart(settings) + TARGETS)
    long = [shot for shot in report.shots if noise_sigma(shot)[0] > 0 and shot.end - shot.start >= least]
    spread = sorted({(2 * place + 1) * len(long) // (2 * MOST) for place in range(MOST)}) if long else []
    each = MOST // max(1, len(spread))
    return [part for index in spread for part in _parts(long[index], length, each)]


def owned_by(shot: Shot, settings: Settings) -> range:
    """The numbers of the moments that a shot, or a part of one, owns."""
    return moments_of(settings).before_retiming.owned(shot.start, shot.end)


def stretch_of(source: Path, report: AnalysisReport, settings: Settings, shot: Shot, *,
               tell: Callable[[int], None] = lambda moment: None, is_cancelled: IsCancelled = never) -> Stretch:
    """The moments that a shot, or a part of one, owns. tell: heard after each of them, counted from one. Raises
    Cancelled between two frames."""
    owned, noisy, repaired = owned_by(shot, settings), [], []
    with closing(through_noise(source, settings, report.source, shot, is_cancelled=is_cancelled)) as pairs:
        for before, behind in pairs:
            if before.number in owned:
                noisy.append(before.planes)
                repaired.append(behind.planes)
                tell(len(noisy))
    return Stretch(noisy, repaired, noise_sigma(shot), _apart(settings))


def without_network(settings: Settings) -> Settings:
    """The noise repair on, and nothing learnt behind it."""
    noise = settings.noise.model_copy(update={"enabled": True, "network": "off", "weights": None})
    return settings.model_copy(update={"noise": noise, "overrides": ()})


def _parts(shot: Shot, length: int, most: int) -> list[Shot]:
    count = max(1, min(most, (shot.end - shot.start) // length))
    middles = [shot.start + (2 * place + 1) * (shot.end - shot.start) // (2 * count) for place in range(count)]
    return [shot.model_copy(update={"start": max(shot.start, middle - length // 2),
                                    "end": min(shot.end, middle - length // 2 + length),
                                    "within": (shot.start, shot.end)}) for middle in middles]


def _apart(settings: Settings) -> int:
    return settings.noise.radius + 1 + _SHARED_BY_FIELDS * (settings.fields.method == "frames")
