"""Bringing in a file: in pieces that can be taken up again, or as one plain form where there is no script."""

import re
from dataclasses import asdict
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse, JsonResponse, UnreadablePostError
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from archive import access
from archive.actions import uploads
from archive.actions.ingest import DuplicateError
from archive.bodies import takes_files
from archive.errors import RefusedError
from archive.forms import UploadForm
from archive.models import Asset, Upload
from archive.templatetags.patina import said

PIECE_BYTES = 8 * 1024 * 1024


@takes_files(access.CATALOGUERS)
def page(request: HttpRequest) -> HttpResponse:
    by = access.require_role(request.user, access.CATALOGUERS)
    asset = _asset(request, request.GET.get("asset", ""))
    form = UploadForm(request.POST or None, request.FILES or None, asset=asset)
    refusal = None
    if request.method == "POST" and form.is_valid():
        file = form.cleaned_data["file"]
        try:
            upload = uploads.begin(by=by, name=file.name, size=file.size, **_belonging(form, asset))
            uploads.receive(upload, offset=0, stream=file, by=by)
            return redirect("media-file", uploads.finish(upload, by=by).pk)
        except RefusedError as error:
            refusal = _refused(error)
    return render(request, "archive/upload.html", {
        "form": form, "asset": asset, "refusal": refusal, "piece_bytes": PIECE_BYTES,
        "unfinished": Upload.objects.filter(by=by, media_file=None, error="")[:5],
    }, status=422 if request.method == "POST" else 200)


@require_POST
def begin(request: HttpRequest) -> HttpResponse:
    """Announce a file by name, size and date; the answer says where its pieces go, how much is here already, and by
    which digest whoever goes on can tell that it is of the same file. `anew`: it is not."""
    by = access.require_role(request.user, access.CATALOGUERS)
    asset = _asset(request, request.POST.get("asset", ""))
    form = UploadForm(request.POST, asset=asset)
    del form.fields["file"]
    size = request.POST.get("size", "")
    if not form.is_valid() or not re.fullmatch(r"[0-9]{1,18}", size):
        wrong = [str(error) for errors in form.errors.values() for error in errors]
        return JsonResponse({"error": " ".join(wrong) or _("Choose a file.")}, status=422)
    modified = request.POST.get("modified", "")
    announced: dict[str, Any] = {
        "by": by, "name": request.POST.get("name", ""), "size": int(size), **_belonging(form, asset),
        "modified_ms": int(modified) if re.fullmatch(r"-?[0-9]{1,15}", modified) else None}
    try:
        known = None if request.POST.get("anew") else uploads.begun_before(**announced)
        upload = known or uploads.begin(**announced)
    except RefusedError as error:
        return JsonResponse(_refused(error), status=422)
    tail = uploads.tail_of(upload)
    return JsonResponse({"address": reverse("upload-piece", args=[upload.pk]), "received": upload.received_bytes,
                         "tail": tail and asdict(tail)}, status=200 if known else 201)


@takes_files(access.CATALOGUERS)
@require_http_methods(["GET", "PATCH", "POST", "DELETE"])
def piece(request: HttpRequest, pk: UUID) -> HttpResponse:
    """GET says how much is here, PATCH adds a piece, POST takes the whole into custody, DELETE forgets it."""
    upload = access.upload_for(request.user, pk)
    by = access.require_role(request.user, access.CATALOGUERS)
    try:
        if request.method == "PATCH":
            offset = request.headers.get("Upload-Offset", "")
            uploads.receive(upload, offset=int(offset) if offset.isdecimal() else -1, stream=request, by=by)
        elif request.method == "POST":
            return JsonResponse({"address": reverse("media-file", args=[uploads.finish(upload, by=by).pk])})
        elif request.method == "DELETE":
            uploads.abandon(upload, by=by)
            return HttpResponse(status=204)
    except uploads.WrongOffsetError as error:
        return JsonResponse({**_refused(error), "received": error.values["expected"]}, status=409)
    except RefusedError as error:
        return JsonResponse(_refused(error), status=422)
    except UnreadablePostError:
        return JsonResponse({"error": _("The connection broke. Go on with the upload.")}, status=400)
    return JsonResponse({"received": upload.received_bytes})


def _asset(request: HttpRequest, pk: str) -> Asset | None:
    return access.asset_for(request.user, int(pk), to_change=True) if re.fullmatch(r"[0-9]{1,18}", pk) else None


def _belonging(form: UploadForm, asset: Asset | None) -> dict[str, Any]:
    if asset is not None:
        return {"asset": asset}
    return {"collection": form.cleaned_data["collection"], "kind": form.cleaned_data["kind"]}


def _refused(error: RefusedError) -> dict[str, Any]:
    """The sentence, and the door to what is meant by it, if there is one."""
    refusal = {"error": said(error.text, error.values)}
    if isinstance(error, DuplicateError):
        refusal["address"] = reverse("media-file", args=[error.media_file.pk])
        refusal["door"] = _("See what is here")
    return refusal
