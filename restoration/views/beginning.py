"""Where a proposal begins: with what is recommended, a preset, what was learnt, or another version."""

from dataclasses import dataclass

from django.http import HttpRequest
from django.shortcuts import get_object_or_404

from restoration.actions import presets
from restoration.engine.errors import SettingsError
from restoration.engine.excepting import aligned
from restoration.engine.facts import AnalysisReport
from restoration.engine.fitting import fitted
from restoration.engine.settings import PRESETS, Settings, parse
from restoration.models import Analysis, Preset, Version


@dataclass(frozen=True)
class Beginning:
    """preset: the name of the one these settings are. like, learnt: what they were taken from. unreadable: what was
    asked for and today's engine cannot read, so that these are the recommended ones. moved, left_out: how many
    exceptions hold for other frames than they did, and for none here."""

    settings: Settings
    preset: str = ""
    like: Version | None = None
    learnt: Preset | None = None
    unreadable: Version | Preset | None = None
    moved: int = 0
    left_out: int = 0


def beginning(request: HttpRequest, analysis: Analysis, found: AnalysisReport, natural: presets.Natural) -> Beginning:
    """As the address asks for it."""
    preset = request.GET.get("preset", "")
    if preset == presets.NATURAL and natural.settings:
        return Beginning(natural.settings, preset)
    if preset in PRESETS:
        return Beginning(fitted(PRESETS[preset].settings, found.source), preset)
    if request.GET.get("learnt", "").isdecimal():
        return _learnt(get_object_or_404(Preset, pk=int(request.GET["learnt"])), found)
    if request.GET.get("like", "").isdecimal():
        return _like(get_object_or_404(Version, pk=int(request.GET["like"]), source=analysis.media_file_id), found)
    return Beginning(found.recommendation.settings)


def _learnt(learnt: Preset, found: AnalysisReport) -> Beginning:
    try:
        return Beginning(fitted(parse(learnt.settings), found.source), learnt=learnt)
    except SettingsError:
        return Beginning(found.recommendation.settings, unreadable=learnt)


def _like(like: Version, found: AnalysisReport) -> Beginning:
    try:
        settings, moved, left_out = aligned(parse(like.settings), found)
    except SettingsError:  # Made by an engine that knew other settings; its answer for today is the recommendation.
        return Beginning(found.recommendation.settings, unreadable=like)
    return Beginning(settings, like.preset, like=like, moved=moved, left_out=left_out)
