"""What is done with analyses: queue, cancel, queue again; and what their jobs report."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.access import require_role
from archive.actions import provenance
from archive.models import MediaFile, User
from archive.vocabularies import EssenceKind, EventType, Outcome
from restoration.access import ANALYSERS
from restoration.actions import attempts, standing
from restoration.actions.bell import ring
from restoration.actions.failing import NO_ERROR, Sentence
from restoration.engine.facts import AnalysisReport
from restoration.engine.progress import Progress
from restoration.models import Analysis
from restoration.vocabularies import RESUMABLE_STATES, WorkState

ONGOING = (WorkState.QUEUED, WorkState.RUNNING)


def queue(media_file: MediaFile, *, by: User | None) -> Analysis:
    """Ask for an analysis of a file's picture. One at a time per file."""
    _require(by)
    if not media_file.tracks.filter(kind=EssenceKind.PICTURE).exists():
        raise ValidationError(_("%(name)s has no picture to analyse."), params={"name": media_file.name})
    try:
        with transaction.atomic():
            analysis = Analysis.objects.create(media_file=media_file, by=by)
            ring_for(analysis)
    except IntegrityError:
        raise ValidationError(_("%(name)s is already being analysed."), params={"name": media_file.name}) from None
    return analysis


def cancel(analysis: Analysis, *, by: User | None) -> None:
    """Stop it; a running one stops within a frame's time."""
    _require(by)
    with transaction.atomic():
        changed = Analysis.objects.filter(pk=analysis.pk, state__in=ONGOING).update(
            state=WorkState.CANCELLED, ended_at=timezone.now())
        if not changed:
            raise ValidationError(_("This analysis has already ended."))
        _record(analysis, Outcome.FAILURE, gettext_noop("Analysis of {name} cancelled"), by=by)
    analysis.refresh_from_db()


def resume(analysis: Analysis, *, by: User | None) -> None:
    """Queue an analysis again that failed, was cancelled or was lost. It begins from the start."""
    _require(by)
    try:
        with transaction.atomic():
            changed = Analysis.objects.filter(pk=analysis.pk, state__in=RESUMABLE_STATES).update(
                state=WorkState.QUEUED, frames_done=0, attempts=0, worker="",
                heartbeat_at=None, ended_at=None, **NO_ERROR.as_columns())
            if not changed:
                raise ValidationError(_("Only an analysis that failed or was cancelled can be queued again."))
            analysis.refresh_from_db()
            ring_for(analysis)
    except IntegrityError:
        raise ValidationError(_("%(name)s is already being analysed."),
                              params={"name": analysis.media_file.name}) from None


def ring_for(analysis: Analysis) -> None:
    ring("analyse", analysis.pk, name=job_name(analysis), queue="high")


def job_name(analysis: Analysis) -> str:
    return f"analysis-{analysis.pk}-attempt-{analysis.attempts + 1}"


def claim(pk: int, *, worker: str) -> Analysis | None:
    if not attempts.claim(Analysis, pk, worker=worker, frames_done=0):
        return None
    return Analysis.objects.select_related("media_file__instantiation__asset", "by").get(pk=pk)


def beat(analysis: Analysis, progress: Progress | None) -> bool:
    """Say that it is worked on, and how far it is. False when it is no longer wanted from this worker."""
    frames = {"frames_done": progress.done, "frames_total": progress.total} if progress else {}
    return attempts.beat(analysis, **frames)


def finish(analysis: Analysis, report: AnalysisReport) -> bool:
    """Keep what was found. False when the analysis is no longer this worker's."""
    with transaction.atomic():
        changed = attempts.end(analysis, WorkState.FINISHED, report=report.model_dump(mode="json"),
                               frames_done=report.source.frames, frames_total=report.source.frames)
        if changed:
            _record(analysis, Outcome.SUCCESS,
                    gettext_noop("{name}. Shots: {shots}, frames: {frames}; recommended: {preset}"),
                    engine=report.engine, shots=len(report.shots), frames=report.source.frames,
                    preset=report.recommendation.preset)
            standing.keep(analysis.media_file.instantiation.asset)
    return changed


def fail(analysis: Analysis, sentence: Sentence) -> bool:
    with transaction.atomic():
        changed = attempts.end(analysis, WorkState.FAILED, **sentence.as_columns())
        if changed:
            _record(analysis, Outcome.FAILURE, sentence.text, **sentence.values)
    return changed


def give_back(analysis: Analysis) -> None:
    """An interrupted analysis waits again, unless it was cancelled."""
    with transaction.atomic():
        if attempts.wait_again(analysis, frames_done=0):
            ring_for(analysis)


def _record(analysis: Analysis, outcome: Outcome, detail: str, *, engine: str = "", by: User | None = None,
            **facts: Any) -> None:
    media_file = analysis.media_file
    provenance.record(EventType.ANALYSED, on=media_file, by=by or analysis.by, asset=media_file.instantiation.asset,
                      software=f"Patina engine {engine}".strip(), outcome=outcome, detail=detail,
                      **{"name": media_file.name, "analysis": analysis.pk, **facts})


def _require(by: User | None) -> None:
    """Nobody (None) is the operator of this machine at its shell."""
    if by is not None:
        require_role(by, ANALYSERS)
