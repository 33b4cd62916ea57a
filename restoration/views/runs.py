from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from archive.access import require_role
from restoration.access import RESTORERS, may, run_for, version_for
from restoration.actions import foresight, runs
from restoration.models import Run
from restoration.views.telling import telling
from restoration.vocabularies import ENDED_STATES, RESUMABLE_STATES, VersionState, WorkState

LOG_LINES = 200
MADE = (VersionState.TO_REVIEW, VersionState.APPROVED, VersionState.REJECTED)


@require_POST
def queue(request: HttpRequest, pk: int) -> HttpResponse:
    user = require_role(request.user, RESTORERS)
    version = version_for(user, pk, to_change=True)
    run = None
    with telling(request):
        run = runs.queue(version, by=user)
    return redirect("run", run.pk) if run else redirect("version", pk)


def show(request: HttpRequest, pk: int) -> HttpResponse:
    return render(request, "restoration/run.html", _facts(request, run_for(request.user, pk)))


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """The moving part of the page; once the run has ended it asks no more."""
    return render(request, "restoration/_run_progress.html", _facts(request, run_for(request.user, pk)))


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    user = require_role(request.user, RESTORERS)
    run = run_for(user, pk, to_change=True)
    with telling(request, _("The run was cancelled. Finished shots stay and are used again.")):
        runs.cancel(run, by=user)
    return redirect("run", pk)


@require_POST
def resume(request: HttpRequest, pk: int) -> HttpResponse:
    user = require_role(request.user, RESTORERS)
    run = run_for(user, pk, to_change=True)
    with telling(request, _("The run goes on where it stopped.")):
        runs.resume(run, by=user)
    return redirect("run", pk)


def _facts(request: HttpRequest, run: Run) -> dict[str, Any]:
    version = run.version
    at = runs.progress(run)
    is_resumable = run.state in RESUMABLE_STATES and version.state not in MADE
    return {
        "run": run,
        "version": version,
        "asset": version.asset,
        "shots": _cells(run),
        "progress": at,
        "foreseen": foresight.of_run(run) if at.has_begun_nothing else None,
        "took": (run.ended_at - run.queued_at).total_seconds() if run.ended_at else None,
        "log": run.log.order_by("-pk")[:LOG_LINES],
        "is_under_way": run.state not in ENDED_STATES,
        "is_finished": run.state == WorkState.FINISHED,
        "can_cancel": run.state not in ENDED_STATES and may(request.user, RESTORERS),
        "can_resume": is_resumable and may(request.user, RESTORERS),
    }


def _cells(run: Run) -> list[dict[str, Any]]:
    """The shots in a row; a run of some frames only begins at 0 all the same."""
    shots = list(run.shots.all())
    first = shots[0].start if shots else 0
    return [{"shot": shot, "number": shot.index + 1, "x": shot.start - first, "length": shot.end - shot.start}
            for shot in shots]
