from django.db.models import Count, Exists, OuterRef, Prefetch, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from archive.access import STAFF, require_role
from restoration.access import RESTORERS, may
from restoration.models import Analysis, Review, Run, Version
from restoration.views import cases
from restoration.vocabularies import ENDED_STATES, Verdict, VersionState, WorkState

ONGOING = (WorkState.QUEUED, WorkState.RUNNING)
RECENT = 12
TITLES = "asset__titles"


def bench(request: HttpRequest) -> HttpResponse:
    """What lies on the restorers' bench: under way, sent back, ready to be proposed or begun, and lately ended."""
    require_role(request.user, STAFF)
    can_mend = may(request.user, RESTORERS)
    return render(request, "restoration/home.html", {
        "can_mend": can_mend,
        "bad": cases.waiting() if can_mend else [],
        "runs": with_progress(Run.objects.filter(state__in=ONGOING)),
        "analyses": _analyses().filter(state__in=ONGOING),
        "rejected": _rejected(),
        "planned": _versions().filter(state=VersionState.PLANNED).annotate(run_count=Count("runs")),
        "analysed": _waiting_for_a_proposal(),
        "recent": with_progress(Run.objects.filter(state__in=ENDED_STATES)).order_by("-ended_at", "-pk")[:RECENT],
        "troubled": _analyses().filter(state=WorkState.FAILED).exclude(_has_other_analysis())[:RECENT],
    })


def with_progress(runs: QuerySet[Run]) -> QuerySet[Run]:
    return runs.select_related("version__asset", "version__source", "by").prefetch_related(
        f"version__{TITLES}").annotate(
        done=Sum("shots__frames_done"), shot_count=Count("shots"),
        shots_done=Count("shots", filter=Q(shots__state=WorkState.FINISHED)))


def _versions() -> QuerySet[Version]:
    return Version.objects.select_related("asset", "source", "by").prefetch_related(TITLES)


def _analyses() -> QuerySet[Analysis]:
    return Analysis.objects.select_related("media_file__instantiation__asset", "by").prefetch_related(
        f"media_file__instantiation__{TITLES}").defer("report")


def _rejected() -> QuerySet[Version]:
    """Sent back and not answered yet by a newer version."""
    newer = Version.objects.filter(asset=OuterRef("asset"), number__gt=OuterRef("number"))
    words = Review.objects.filter(decision=Verdict.REJECTED).select_related("reviewer")
    return _versions().filter(state=VersionState.REJECTED).exclude(Exists(newer)).prefetch_related(
        Prefetch("reviews", queryset=words, to_attr="rejections")).order_by("-pk")


def _waiting_for_a_proposal() -> QuerySet[Analysis]:
    proposed = Version.objects.filter(source=OuterRef("media_file"))
    newer = Analysis.objects.filter(media_file=OuterRef("media_file"), state=WorkState.FINISHED, pk__gt=OuterRef("pk"))
    return _analyses().filter(state=WorkState.FINISHED).exclude(Exists(proposed)).exclude(Exists(newer))


def _has_other_analysis() -> Exists:
    return Exists(Analysis.objects.filter(media_file=OuterRef("media_file"), pk__gt=OuterRef("pk")))
