"""Before/after clips of a version: those that were made, and a form for another one."""

from dataclasses import dataclass
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import get_language
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from archive.access import STAFF, require_role
from archive.actions.catalogue import preferred_title
from archive.models import User
from archive.ranges import serve_file
from archive.storage import derivative_path
from restoration.access import CLIP_MAKERS, clip_for, may, version_for
from restoration.actions import clips
from restoration.actions.masters import file_stem
from restoration.clip_forms import ClipForm
from restoration.models import BeforeAfterClip, Version
from restoration.reel_time import ReelTime
from restoration.shot_reports import ShotReport, reports
from restoration.views.reels import SHEET_LINES, small_raster_of
from restoration.views.telling import telling
from restoration.vocabularies import RESUMABLE_STATES, ClipStyle, WorkState

# A shot that is longer is offered from its beginning.
SECONDS_OFFERED = 20


@dataclass(frozen=True, slots=True)
class Shown:
    """A clip as the page tells of it."""

    clip: BeforeAfterClip
    first: str
    last: str
    seconds: float
    is_under_way: bool
    is_finished: bool
    is_outdated: bool
    can_be_made_again: bool


def index(request: HttpRequest, pk: int) -> HttpResponse:
    """?shot= chooses a shot by its number, ?from= and ?to= frames or timecodes."""
    user = require_role(request.user, STAFF)
    version = version_for(user, pk)
    reel = ReelTime.of(version)
    if not reel.frames:
        raise Http404
    told = reports(version)
    form = ClipForm(request.POST or None, reel=reel, initial=_initial(request, version, reel, told))
    if request.method == "POST" and _asked(request, version, form):
        return redirect("clips", pk)
    made = version.clips.select_related("version__master", "by")
    return render(request, "restoration/clips.html", {
        "version": version, "asset": version.asset, "form": form, "clips": [_shown(clip, reel) for clip in made],
        "shots": [(each, *_offered(each, reel)) for each in told], "frame": _pictured(form, reel),
        "raster": small_raster_of(version, SHEET_LINES), "minutes": clips.MOST_SECONDS // 60,
        "may_make": may(user, CLIP_MAKERS),
    }, status=422 if form.errors else 200)


def _asked(request: HttpRequest, version: Version, form: ClipForm) -> bool:
    user = require_role(request.user, CLIP_MAKERS)
    if not form.is_valid():
        return False
    with telling(request, in_form=True) as asked:
        clips.ask(version, by=user, **form.asked())
    if not asked.was_done:
        form.add_error(None, asked.refusal)
    return asked.was_done


def progress(request: HttpRequest, pk: int) -> HttpResponse:
    """One clip of the page; it asks again by itself while it is being made."""
    clip = clip_for(request.user, pk)
    return render(request, "restoration/_clip.html", {
        "shown": _shown(clip, ReelTime.of(clip.version)), "may_make": may(request.user, CLIP_MAKERS)})


def file(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The clip, to be played or, with ?download, to be taken along."""
    clip = clip_for(request.user, pk)
    if clip.state != WorkState.FINISHED:
        raise Http404
    kind = "3d" if clip.style == ClipStyle.STEREO else "before-after"
    name = f"{file_stem(clip.version)}_{kind}-{clip.pk}.mp4"
    return serve_file(request, derivative_path(clip.file_key), media_type="video/mp4", etag=clip.sha256, filename=name,
                      inline="download" not in request.GET)


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponse:
    user, clip = _to_change(request, pk)
    with telling(request, _("The clip was cancelled.")):
        clips.cancel(clip, by=user)
    return redirect("clips", clip.version_id)


@require_POST
def again(request: HttpRequest, pk: int) -> HttpResponse:
    user, clip = _to_change(request, pk)
    with telling(request):
        clips.again(clip, by=user)
    return redirect("clips", clip.version_id)


@require_POST
def remove(request: HttpRequest, pk: int) -> HttpResponse:
    user, clip = _to_change(request, pk)
    with telling(request, _("The clip was removed.")):
        clips.remove(clip, by=user)
    return redirect("clips", clip.version_id)


def _to_change(request: HttpRequest, pk: int) -> tuple[User, BeforeAfterClip]:
    return require_role(request.user, CLIP_MAKERS), clip_for(request.user, pk, to_change=True)


def _shown(clip: BeforeAfterClip, reel: ReelTime) -> Shown:
    is_finished = clip.state == WorkState.FINISHED
    is_outdated = is_finished and not clip.is_of_the_present_master
    return Shown(clip, reel.label(clip.start), reel.label(clip.end - 1), float(clip.frames / reel.rate),
                 clip.state in clips.ONGOING, is_finished, is_outdated, is_outdated or clip.state in RESUMABLE_STATES)


def _initial(request: HttpRequest, version: Version, reel: ReelTime, told: list[ShotReport]) -> dict[str, Any]:
    """The frames asked for in the address, else a shot's: the first one's where none is asked for."""
    asked = request.GET
    chosen = next((each for each in told if str(each.number) == asked.get("shot")), told[0] if told else None)
    first, last = _offered(chosen, reel) if chosen else (reel.label(0), reel.label(reel.frames - 1))
    return {"first": _label(asked.get("from"), reel, first), "last": _label(asked.get("to"), reel, last),
            "shot": chosen.number if chosen and not {"from", "to"} & asked.keys() else None,
            "title": preferred_title(version.asset), "language": get_language()}


def _offered(shot: ShotReport, reel: ReelTime) -> tuple[str, str]:
    """The labels of the first and the last frame that are offered of a shot."""
    end = min(shot.end, shot.start + int(SECONDS_OFFERED * reel.rate))
    return reel.label(shot.start), reel.label(end - 1)


def _label(asked: str | None, reel: ReelTime, otherwise: str) -> str:
    """A frame number as its timecode; a timecode as it is."""
    if asked and asked.isdecimal() and len(asked) < 10:
        return reel.label(min(int(asked), reel.frames - 1))
    return asked[:20] if asked else otherwise


def _pictured(form: ClipForm, reel: ReelTime) -> int:
    """The frame that the choice of a style is shown with."""
    probe = ClipForm({name: form[name].value() for name in ("first", "last")}, reel=reel)
    probe.is_valid()
    first, last = (probe.cleaned_data.get(name) for name in ("first", "last"))
    return (first + last) // 2 if first is not None and last is not None and first <= last else reel.frames // 2
