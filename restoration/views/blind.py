"""Blind trials. Nothing that reaches the browser before the end tells which version is which: no name, no address, no
entity tag."""

import hashlib
from typing import Any

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from archive.access import STAFF, require_role
from archive.models import User
from archive.ranges import serve_file
from archive.storage import derivative_path, holding_path
from restoration.access import JUDGES_OF_SHOTS, may, trial_for, version_for
from restoration.actions import trials
from restoration.decision_forms import TrialForm, VoteForm
from restoration.models import BlindTrial, Version
from restoration.views import stills
from restoration.views.reels import raster_of
from restoration.views.telling import telling

SIDES = ("left", "right")


def index(request: HttpRequest) -> HttpResponse:
    user = require_role(request.user, STAFF)
    known = BlindTrial.objects.select_related("first__asset", "by").prefetch_related("first__asset__titles", "votes")
    return render(request, "restoration/trials.html", {"trials": [
        {"trial": trial, "has_voted": any(vote.voter_id == user.pk for vote in trial.votes.all())}
        for trial in known[:60]]})


def begin(request: HttpRequest, pk: int) -> HttpResponse:
    """From a version's page: against which other one, on which frames, and what is asked."""
    user = require_role(request.user, JUDGES_OF_SHOTS)
    version = version_for(user, pk)
    others = Version.objects.filter(asset=version.asset_id, source=version.source_id).exclude(pk=pk).exclude(
        pair_reel_key="")
    frames = int((version.pair_reel or {}).get("frames", 0))
    form = TrialForm(request.POST or None, others=others, initial={
        "frames": ", ".join(str(frames * share // 4) for share in (1, 2, 3))})
    if request.method == "POST" and form.is_valid():
        said = form.cleaned_data
        with telling(request, _("The trial is open. Send your colleagues this address."), in_form=True) as asked:
            trial = trials.open_trial(version, said["other"], question=said["question"], frames=said["frames"], by=user)
        if asked.was_done:
            return redirect("trial", trial.pk)
        form.add_error(None, asked.refusal)
    return render(request, "restoration/trial_new.html", {
        "version": version, "asset": version.asset, "form": form, "has_others": others.exists(),
    }, status=422 if form.errors else 200)


def show(request: HttpRequest, pk: int) -> HttpResponse:
    user = require_role(request.user, STAFF)
    trial = trial_for(user, pk)
    form = VoteForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        with telling(request, _("Your vote is kept.")):
            trials.vote(trial, by=user, preference=form.cleaned_data["preference"], words=form.cleaned_data["words"])
        return redirect("trial", pk)
    return render(request, "restoration/trial.html", {
        "trial": trial, "form": form, "sides": SIDES, "mine": trial.votes.filter(voter=user).first(),
        "count": trial.votes.count(), "may_close": may(user, JUDGES_OF_SHOTS), **_end(trial),
    }, status=422 if form.errors else 200)


def _end(trial: BlindTrial) -> dict[str, Any]:
    """Names and votes, once it is closed."""
    result = trials.result_of(trial)
    return {} if result is None else {
        "result": result, "votes": trial.votes.select_related("voter", "preferred"), "asset": trial.first.asset}


@require_POST
def close(request: HttpRequest, pk: int) -> HttpResponse:
    user = require_role(request.user, JUDGES_OF_SHOTS)
    with telling(request, _("The trial is closed.")):
        trials.close(trial_for(user, pk), by=user)
    return redirect("trial", pk)


def still(request: HttpRequest, pk: int, side: str, frame: int) -> HttpResponseBase:
    """A frame of one side's master, lossless, as this person sees it."""
    user = require_role(request.user, STAFF)
    trial = trial_for(user, pk)
    version = _version(trial, user, side)
    if frame not in trial.frames or version.master is None:
        raise Http404
    asked: dict[str, Any] = {"side": "b", "path": str(holding_path(version.master)), "frame": frame,
                             "size": raster_of(trial.first)}
    name = f"{frame}-{_sealed(trial, user, side)}"
    return stills.serve(request, asked, f"stills/trial-{trial.pk}/{name}.png", etag=name)


def reel(request: HttpRequest, pk: int, side: str) -> HttpResponseBase:
    user = require_role(request.user, STAFF)
    trial = trial_for(user, pk)
    version = _version(trial, user, side)
    if not version.pair_reel_key:
        raise Http404
    return serve_file(request, derivative_path(version.pair_reel_key), media_type="video/mp4",
                      etag=_sealed(trial, user, side))


def _version(trial: BlindTrial, user: User, side: str) -> Version:
    if side not in SIDES:
        raise Http404
    return trials.seen_by(trial, user)[SIDES.index(side)]


def _sealed(trial: BlindTrial, user: User, side: str) -> str:
    return hashlib.sha256(f"{trial.seed} {user.pk} {side}".encode()).hexdigest()
