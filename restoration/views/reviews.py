import json
from typing import Any

from django.db.models import Prefetch
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _

from archive.access import STAFF, require_role
from archive.models import EssenceTrack
from archive.vocabularies import EssenceKind
from restoration.access import REVIEWERS, may, version_for, version_to_judge_for
from restoration.actions import reviews
from restoration.annotation_forms import AnnotationForm
from restoration.engine.facts import AnalysisReport
from restoration.forms import ApprovalForm, RejectionForm
from restoration.models import Review, Version
from restoration.reel_time import start_timecode
from restoration.views.reels import raster_of
from restoration.views.remarks import panel
from restoration.views.shots import shot_list
from restoration.views.telling import telling
from restoration.views.timeline import reel_lanes
from restoration.vocabularies import Verdict, VersionState

JUDGED = 12


def inbox(request: HttpRequest) -> HttpResponse:
    """What waits for a decision, oldest first, and what was decided lately."""
    require_role(request.user, REVIEWERS)
    pictures = EssenceTrack.objects.filter(kind=EssenceKind.PICTURE)
    waiting = Version.objects.filter(state=VersionState.TO_REVIEW).select_related(
        "asset", "by", "master", "source").prefetch_related(
        "asset__titles", Prefetch("master__tracks", queryset=pictures, to_attr="pictures")).defer(
        "report", "reasons").order_by("pk")
    decided = Review.objects.select_related("version__asset", "reviewer").prefetch_related("version__asset__titles")
    return render(request, "restoration/inbox.html", {"waiting": waiting, "decided": decided[:JUDGED]})


def room(request: HttpRequest, pk: int) -> HttpResponse:
    return room_page(request, version_for(request.user, pk))


def approve(request: HttpRequest, pk: int) -> HttpResponse:
    return _judge(request, pk, "approve", ApprovalForm)


def reject(request: HttpRequest, pk: int) -> HttpResponse:
    return _judge(request, pk, "reject", RejectionForm)


def _judge(request: HttpRequest, pk: int, decision: str, form_class: type[Form]) -> HttpResponse:
    """A page of its own for the decision, so that one can decide without a script; the room opens it as a dialog."""
    user = require_role(request.user, REVIEWERS)
    version = version_to_judge_for(user, pk)
    form = form_class(request.POST or None, initial={"master_sha256": version.master.sha256 if version.master else ""})
    if request.method == "POST" and form.is_valid():
        answer = form.cleaned_data
        verdict = Verdict.APPROVED if decision == "approve" else Verdict.REJECTED
        done = _("%(version)s is approved.") if decision == "approve" else _("%(version)s goes back to the restorer.")
        with telling(request, done % {"version": version}) as asked:
            reviews.decide(version, by=user, decision=verdict, master_sha256=answer["master_sha256"],
                           reason=answer["reason"])
        return redirect("review-inbox" if asked.was_done else "review", *([] if asked.was_done else [pk]))
    return render(request, "restoration/decide.html", {
        "version": version, "asset": version.asset, "form": form, "decision": decision,
        "why_not": why_not(version, user), "can_judge": not why_not(version, user),
    }, status=422 if form.errors else 200)


def why_not(version: Version, user: Any) -> str:
    """Why a version cannot be judged now by this person; empty when it can."""
    if version.state == VersionState.APPROVED:
        return _("This version is approved. Decisions stay as they were made.")
    if version.state == VersionState.REJECTED:
        return _("This version was rejected. A new version can be proposed with other settings.")
    if version.state != VersionState.TO_REVIEW or version.master is None:
        return _("There is nothing to judge yet: this version has no master.")
    if version.by_id == user.pk and may(user, REVIEWERS):
        return _("You proposed this version; somebody else judges it.")
    return ""


def room_page(request: HttpRequest, version: Version, *, annotation_form: AnnotationForm | None = None,
              status: int = 200) -> HttpResponse:
    user = require_role(request.user, STAFF)
    reel = version.pair_reel or {}
    frames = int(reel.get("frames", 0))
    lanes = reel_lanes(version, AnalysisReport.model_validate(version.analysis.report)) if frames else []
    is_judge = may(request.user, REVIEWERS)
    refusal = why_not(version, request.user)
    digest = {"master_sha256": version.master.sha256 if version.master else ""}
    others = list(Version.objects.filter(asset=version.asset_id).exclude(pair_reel_key="").defer(
        "report", "reasons").order_by("number"))
    comparable = [other for other in others if other.pk != version.pk and _have_one_grid(other, version)]
    return render(request, "restoration/review.html", {
        "version": version, "asset": version.asset, "lanes": lanes, "frames": frames, "last": max(frames - 1, 0),
        "player": json.dumps(_player(version, lanes, comparable)) if version.pair_reel_key and frames else "",
        "comparable": comparable, "has_sound": reel.get("has_sound", False),
        "still": _still_pair(request, version, frames), "scaled": _scaled(version) if frames else "",
        "reviews": version.reviews.select_related("reviewer"),
        "is_judge": is_judge, "why_not": refusal, "can_judge": is_judge and not refusal,
        "approval": ApprovalForm(initial=digest, auto_id="approve_%s"),
        "rejection": RejectionForm(initial=digest, auto_id="reject_%s"),
        "others": others,
        **(shot_list(request, version) if frames else {}),
        **panel(version, user, asked=request.GET, form=annotation_form),
    }, status=status)


def _have_one_grid(one: Version, other: Version) -> bool:
    """Whether frame for frame they show the same moments of the same recording."""
    first, second = (version.pair_reel or {} for version in (one, other))
    return one.source_id == other.source_id and all(
        first.get(name) == second.get(name) for name in ("rate", "frames", "frame_map", "first_frame"))


def _player(version: Version, lanes: list[Any], comparable: list[Version]) -> dict[str, Any]:
    """What the player needs to know of the reel; sizes are the master's, in square pixels."""
    reel = version.pair_reel or {}
    width, height = raster_of(version)
    shots = [[max(0, cell.start), cell.start + cell.length] for lane in lanes[:1] for cell in lane.cells
             if cell.start + cell.length > 0 and cell.start < reel["frames"]]
    return {
        "rate": reel["rate"], "frames": reel["frames"], "width": width, "height": height,
        "start_timecode": start_timecode(version),
        "shots": shots, "still": reverse("still", args=[version.pk, 0]),
        "changed": reverse("changed", args=[version.pk, 0]),
        "others": [{"pk": other.pk, "reel": reverse("pair-reel", args=[other.pk]),
                    "still": reverse("still", args=[other.pk, 0])} for other in comparable],
    }


def _scaled(version: Version) -> str:
    """How much larger the original is shown than it was recorded; empty where nothing was scaled."""
    lines, (_width, height) = (version.analysis.report or {})["source"]["height"], raster_of(version)
    return "" if lines == height else _("original scaled from %(lines)s to %(height)s lines") % {
        "lines": lines, "height": height}


def _still_pair(request: HttpRequest, version: Version, frames: int) -> dict[str, Any]:
    """One frame of both sides and the way to its neighbours, for whoever has no player."""
    asked = request.GET.get("f", "0")
    frame = min(int(asked), max(frames - 1, 0)) if asked.isdecimal() and len(asked) < 12 else 0
    return {"frame": frame, "previous": frame - 1 if frame else None,
            "next": frame + 1 if frame < frames - 1 else None, "address": reverse("still", args=[version.pk, frame])}
