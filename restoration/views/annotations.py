"""Remarks beside the player: the list, a new one, and what is done with one."""

from collections.abc import Callable
from typing import Any

from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from archive.access import STAFF, require_role
from archive.models import User
from restoration.access import annotation_for, version_for
from restoration.actions import annotations, notices
from restoration.annotation_forms import AnnotationForm, WordsForm
from restoration.models import Annotation, Version
from restoration.reel_time import ReelTime
from restoration.views import reviews
from restoration.views.remarks import panel, shown
from restoration.views.telling import telling


def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """The list alone, as the panel asks for it; whoever comes here by an address gets the room around it."""
    version = version_for(request.user, pk)
    if not request.headers.get("HX-Request"):
        return redirect("review", pk)
    user = require_role(request.user, STAFF)
    return render(request, "restoration/_annotations.html", {
        "version": version, **panel(version, user, asked=request.GET)})


@require_POST
def add(request: HttpRequest, pk: int) -> HttpResponse:
    """From the page's form, or from its script, which asks for JSON and sends again what it could not send."""
    user = require_role(request.user, STAFF)
    version = version_for(user, pk)
    form = AnnotationForm(request.POST, auto_id="note_%s")
    kept = _kept(version, form, user)
    if _wants_json(request):
        refusal = " ".join(dict.fromkeys(str(error) for errors in form.errors.values() for error in errors))
        return JsonResponse({"kept": kept.pk}, status=201) if kept else JsonResponse({"refusal": refusal}, status=422)
    if kept is None:
        return reviews.room_page(request, version, annotation_form=form, status=422)
    return redirect(f"{reverse('review', args=[pk])}?f={kept.start}#note-{kept.pk}")


def _kept(version: Version, form: AnnotationForm, user: User) -> Annotation | None:
    """The new remark; None where the form says why there is none."""
    if not form.is_valid():
        return None
    try:
        return annotations.add(version, by=user, **form.remark())
    except ValidationError as refusal:
        form.add_error(None, refusal)
        return None


@require_safe
def colleagues(request: HttpRequest) -> JsonResponse:
    """Whom a note may tell, as its script asks for them."""
    user = require_role(request.user, STAFF)
    return JsonResponse({"colleagues": [{"username": each.username, "name": str(each)}
                                        for each in notices.whom_to_mention(user)]})


@require_POST
def reply(request: HttpRequest, pk: int) -> HttpResponse:
    """From the page's form, or from its script, as `add`."""
    return _do(request, pk, lambda row, user, form: annotations.reply(
        row, by=user, text=form.get("text", ""), key=form.get("key")))


@require_POST
def edit(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, lambda row, user, form: annotations.edit(
        row, by=user, text=form.get("text", ""), category=form.get("category") or row.category))


@require_POST
def resolve(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, lambda row, user, form: annotations.resolve(row, by=user))


@require_POST
def reopen(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, lambda row, user, form: annotations.reopen(row, by=user))


@require_POST
def withdraw(request: HttpRequest, pk: int) -> HttpResponse:
    return _do(request, pk, lambda row, user, form: annotations.withdraw(row, by=user))


def _do(request: HttpRequest, pk: int, act: Callable[[Annotation, User, dict[str, Any]], Any]) -> HttpResponse:
    """Act on a remark; its entry in the list comes back anew, with what was written where that could not be kept."""
    user = require_role(request.user, STAFF)
    row = annotation_for(user, pk)
    form, is_partial = WordsForm(request.POST), bool(request.headers.get("HX-Request"))
    with telling(request, in_form=is_partial or _wants_json(request)) as asked:
        if not form.is_valid():
            raise ValidationError([error for errors in form.errors.values() for error in errors])
        act(row, user, form.cleaned_data)
    if _wants_json(request):
        return JsonResponse({"refusal": asked.refusal}, status=201 if asked.was_done else 422)
    if not is_partial:
        return redirect(f"{reverse('review', args=[row.version_id])}?f={row.start}#note-{row.pk}")
    if row.withdrawn_at:
        return HttpResponse()
    words = {} if asked.was_done else {name: request.POST.get(name, "") for name in ("text", "category")}
    return render(request, "restoration/_annotation.html", {
        "remark": shown(annotation_for(user, pk), ReelTime.of(row.version), user, refusal=asked.refusal, words=words),
    })


def _wants_json(request: HttpRequest) -> bool:
    return "application/json" in request.headers.get("Accept", "")
