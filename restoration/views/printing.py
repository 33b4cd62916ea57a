"""The PDF of a version's notes, once a worker has made it."""

from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import get_language

from archive.ranges import serve_file
from archive.storage import derivative_path
from restoration.access import version_for
from restoration.actions import prints
from restoration.reel_time import ReelTime
from restoration.views.carrying import file_name


def notes(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself; while there is none, a page that waits for it and asks again by itself."""
    version = version_for(request.user, pk)
    if not ReelTime.of(version).frames:
        raise Http404
    language = get_language() or "en"
    key, remarks = prints.current(version, language)
    path = derivative_path(key)
    is_waiting = bool(request.headers.get("HX-Request"))
    if path.exists() and not is_waiting:
        return serve_file(request, path, media_type="application/pdf", etag=path.stem,
                          filename=f"{file_name(version)}.pdf")
    if path.exists():
        return HttpResponse(headers={"HX-Redirect": reverse("annotations-print", args=[pk])})
    failure = prints.ask(version, key, language)
    template = "restoration/_notes_print.html" if is_waiting else "restoration/notes_print.html"
    return render(request, template, {"version": version, "asset": version.asset, "failure": failure,
                                      "count": len(remarks)})
