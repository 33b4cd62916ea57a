"""Where the repairs changed one frame of a version, for the review room."""

from pathlib import Path

from django.http import Http404, HttpRequest, HttpResponse, JsonResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from restoration.access import version_for
from restoration.actions.masks import masks_path, shot_at
from restoration.engine import masks
from restoration.engine.facts import AnalysisReport, ChangeFacts
from restoration.engine.media.raster import columns_in_master
from restoration.engine.settings import Settings, parse
from restoration.models import RunShot, Version
from restoration.views.timeline import reel_moments

ORDER = list(Settings.model_fields)
# A repair that keeps no masks changes every pixel of the frames it works on.
WHOLE = 0.999


def show(request: HttpRequest, pk: int, frame: int) -> HttpResponse:
    """Which repairs worked in the shot of this frame of the reel, how much they changed, and where their masks are.
    `columns`: the first of a mask's columns that the master shows and how many, as shares of all."""
    version = version_for(request.user, pk)
    number, shot = _found(version, frame)
    told = [ChangeFacts.model_validate(change) for change in shot.changes] if shot else []
    kept = masks_path(version.source, shot.segment_digest) if shot else Path()
    is_kept = kept.is_file()
    shares = masks.shares_at(kept, number, (each.repair for each in told)) if is_kept else {}
    repairs = [{"name": each.repair, "title": _title(each.repair), "index": index,
                "share": _share(each, shares.get(each.repair), is_kept=is_kept),
                "mask": reverse("changed-mask", args=[pk, frame, each.repair]) if each.repair in shares else ""}
               for index, each in enumerate(sorted(told, key=lambda change: ORDER.index(change.repair)))]
    return JsonResponse({"is_kept": is_kept, "columns": _columns(version), "repairs": repairs})


def mask(request: HttpRequest, pk: int, frame: int, repair: str) -> HttpResponse:
    """White where the repair changed the frame, at the raster it worked on."""
    version = version_for(request.user, pk)
    number, shot = _found(version, frame)
    kept = masks_path(version.source, shot.segment_digest) if shot else Path()
    found = masks.mask(kept, repair, number) if kept.is_file() else None
    if found is None:
        raise Http404
    return HttpResponse(found, content_type="image/png", headers={"Cache-Control": "private, max-age=3600"})


def _found(version: Version, frame: int) -> tuple[int, RunShot | None]:
    """The frame's number in the whole master that the ledger knows, and the shot it lies in."""
    reel = version.pair_reel or {}
    if frame >= int(reel.get("frames", 0)):
        raise Http404
    moments = reel_moments(version)
    number = moments.first(int(reel.get("first_frame", 0))) + frame
    return number, shot_at(version, moments.source_frame(number))


def _columns(version: Version) -> tuple[float, float]:
    source = AnalysisReport.model_validate(version.analysis.report).source
    first, count = columns_in_master(source.width, source.height, source.pixel_aspect, parse(version.settings))
    return first / source.width, count / source.width


def _title(repair: str) -> str:
    return _(Settings.model_fields[repair].title or repair)


def _share(change: ChangeFacts, here: float | None, *, is_kept: bool) -> str:
    """How much of this frame, by its mask; without one all of it, none of it, or what the shot's mean says."""
    if here is not None:
        return _("%(share)s of this frame") % {"share": f"{here:.2%}"}
    if change.share > WHOLE:
        return _("the whole picture")
    return _("not in this frame") if is_kept else _("%(share)s of this shot") % {"share": f"{change.share:.2%}"}
