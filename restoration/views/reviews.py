import json
from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _

from archive.access import STAFF, require_role
from restoration.access import version_for
from restoration.actions.trials import comparable_with
from restoration.annotation_forms import AnnotationForm
from restoration.engine.facts import AnalysisReport
from restoration.models import Version
from restoration.reel_time import start_timecode
from restoration.views.deciding import decision_panel
from restoration.views.reels import raster_of
from restoration.views.remarks import panel
from restoration.views.shots import shot_list
from restoration.views.timeline import reel_lanes


def room(request: HttpRequest, pk: int) -> HttpResponse:
    return room_page(request, version_for(request.user, pk))


def room_page(request: HttpRequest, version: Version, *, annotation_form: AnnotationForm | None = None,
              status: int = 200) -> HttpResponse:
    user = require_role(request.user, STAFF)
    reel = version.pair_reel or {}
    frames = int(reel.get("frames", 0))
    lanes = reel_lanes(version, AnalysisReport.model_validate(version.analysis.report)) if frames else []
    others = list(Version.objects.filter(asset=version.asset_id).exclude(pair_reel_key="").defer(
        "report", "reasons").order_by("number"))
    comparable = comparable_with(version, [other for other in others if other.pk != version.pk])
    return render(request, "restoration/review.html", {
        "version": version, "asset": version.asset, "lanes": lanes, "frames": frames, "last": max(frames - 1, 0),
        "player": json.dumps(_player(version, lanes, comparable)) if version.pair_reel_key and frames else "",
        "comparable": comparable, "has_sound": reel.get("has_sound", False),
        "still": _still_pair(request, version, frames), "scaled": _scaled(version) if frames else "",
        "others": others, **decision_panel(version, user),
        **(shot_list(request, version) if frames else {}),
        **panel(version, user, asked=request.GET, form=annotation_form),
    }, status=status)


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
