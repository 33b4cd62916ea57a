"""What grain a master holds: found again from its source, by the edition of the engine that made it: what grain
comes back hangs on nothing but source, settings and engine."""

from collections.abc import Iterator
from pathlib import Path

from restoration.engine.compute.device import settle
from restoration.engine.encoding.film_grain import GivenBack
from restoration.engine.facts import AnalysisReport
from restoration.engine.progress import IsCancelled, check, never
from restoration.engine.reaching import moments_of, whole
from restoration.engine.scouting import texture_of
from restoration.engine.settings import Settings


def grain_given(source: Path, report: AnalysisReport, settings: Settings, *,
                is_cancelled: IsCancelled = never) -> tuple[GivenBack, ...]:
    """For each shot of a whole source that was given grain back: which, in the order of the master's frames.

    One frame of each such shot is repaired again, up to its noise. None where pictures stay interlaced: those are
    changed on their way to a copy. Raises SourceError and Cancelled.
    """
    if settings.fields.method == "none" and report.source.scan != "progressive":
        return ()
    settle()
    return tuple(_found(source, report, settings, is_cancelled))


def _found(source: Path, report: AnalysisReport, settings: Settings, is_cancelled: IsCancelled) -> Iterator[GivenBack]:
    moments, facts = moments_of(settings), report.source
    begins = moments.owned(0, facts.frames).start
    for shot in report.shots:
        check(is_cancelled)
        here, own = settings.at(*whole(shot)), moments.owned(shot.start, shot.end)
        texture = texture_of(source, here, facts, shot, is_cancelled=is_cancelled) if own else None
        if texture is not None:
            yield GivenBack(range(own.start - begins, own.stop - begins), here.grain.amount, texture,
                            seed=whole(shot)[0], first=own.start)
