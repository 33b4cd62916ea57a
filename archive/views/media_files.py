"""One media file: its facts, its bytes, and what was made from it to look at. Everything passes the file's gate."""

from uuid import UUID

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from archive import access, storage
from archive.actions import fixity, ingest
from archive.ranges import serve_file
from archive.vocabularies import PreviewState

CHECKS_SHOWN = 10
PREVIEWS = {"poster.jpg": "image/jpeg", "filmstrip.jpg": "image/jpeg", "waveform.json": "application/json",
            "proxy.mp4": "video/mp4"}


def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    media_file = access.media_file_for(request.user, pk)
    return render(request, "archive/media_file.html", {
        "file": media_file, "tracks": media_file.tracks.all(), "checks": media_file.fixity_checks.all()[:CHECKS_SHOWN],
        "asset": media_file.instantiation.asset, "may_catalogue": access.can_catalogue(request.user)})


def fixity_standing(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What is known of the fixity, for a page that waits for a check to end."""
    media_file = access.media_file_for(request.user, pk)
    return render(request, "archive/_fixity.html", {
        "file": media_file, "checks": media_file.fixity_checks.all()[:CHECKS_SHOWN]})


def preview(request: HttpRequest, pk: UUID, name: str) -> HttpResponseBase:
    media_file = access.media_file_for(request.user, pk)
    if media_file.preview_state != PreviewState.READY:
        raise Http404
    path = storage.derivative_path(storage.preview_key(media_file, name))
    if not path.is_file():
        raise Http404
    made = path.stat().st_mtime_ns
    return serve_file(request, path, media_type=PREVIEWS[name], etag=f"{media_file.sha256[:32]}-{made:x}")


def original(request: HttpRequest, pk: UUID) -> HttpResponseBase:
    media_file = access.media_file_for(request.user, pk, to_change=True)
    return serve_file(request, storage.holding_path(media_file), media_type="application/octet-stream",
                      etag=media_file.sha256, filename=media_file.name, inline=False)


@require_POST
def check_fixity(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Asked twice, one check is made."""
    media_file = access.media_file_for(request.user, pk, to_change=True)
    fixity.ask(media_file, by=access.require_role(request.user, access.CATALOGUERS))
    return redirect(f"{reverse('media-file', args=[pk])}#fixity")


@require_POST
def make_previews(request: HttpRequest, pk: UUID) -> HttpResponse:
    media_file = access.media_file_for(request.user, pk, to_change=True)
    ingest.queue_previews(media_file)
    messages.success(request, _("The previews are being made again. They appear here when they are ready."))
    return redirect("media-file", pk)
