"""Exceptions hold for whole shots: no picture changes its treatment where nothing changes in it. Light: no torch."""

from typing import NamedTuple

from restoration.engine.errors import SettingsError, gettext_noop
from restoration.engine.facts import AnalysisReport
from restoration.engine.settings import Settings


def refuse_astray(settings: Settings, report: AnalysisReport) -> None:
    """Raise SettingsError for an exception that ends beyond the source, or that begins or ends within a shot."""
    starts, ends = {shot.start for shot in report.shots}, {shot.end for shot in report.shots}
    for each in settings.overrides:
        if each.end > report.source.frames:
            raise SettingsError(gettext_noop("The exception for the frames {start}:{end} ends beyond “{name}”, which "
                                             "has {frames}."),
                                start=each.start, end=each.end, name=report.source.name, frames=report.source.frames)
        if each.start not in starts or each.end not in ends:
            around = [shot for shot in report.shots if shot.start < each.end and each.start < shot.end]
            raise SettingsError(gettext_noop("The exception for the frames {start}:{end} of “{name}” cuts a shot in "
                                             "two. Exceptions hold for whole shots: {low}:{high} would be such."),
                                start=each.start, end=each.end, name=report.source.name, low=around[0].start,
                                high=around[-1].end)


class Aligned(NamedTuple):
    """moved: how many exceptions hold for other frames than they did; left_out: how many hold for none."""

    settings: Settings
    moved: int
    left_out: int


def aligned(settings: Settings, report: AnalysisReport) -> Aligned:
    """The same settings where another analysis cut the source: an exception holds for the shots whose middles lie in
    it, one that holds none of them is left out."""
    kept, moved = [], 0
    for each in settings.overrides:
        held = [shot for shot in report.shots if each.start <= (shot.start + shot.end - 1) // 2 < each.end]
        if held:
            kept.append(each.model_copy(update={"start": held[0].start, "end": held[-1].end}))
            moved += (each.start, each.end) != (kept[-1].start, kept[-1].end)
    return Aligned(settings.model_copy(update={"overrides": tuple(kept)}), moved, len(settings.overrides) - len(kept))
