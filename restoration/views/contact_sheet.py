"""All shots of a version at a glance, original over restored: as a page, and as a PDF once a worker has made it."""

from django.core.paginator import Paginator
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import get_language

from archive.ranges import serve_file
from archive.storage import derivative_path
from restoration.access import version_for
from restoration.actions import contact_sheet
from restoration.models import Version
from restoration.reel_time import ReelTime
from restoration.shot_reports import reports
from restoration.views.reels import SHEET_LINES, small_raster_of

# Both stills of so many shots are kept together (views/stills.py).
SHOTS_ON_A_PAGE = 24


def show(request: HttpRequest, pk: int) -> HttpResponse:
    version = _with_a_reel(request, pk)
    pages = Paginator(reports(version), SHOTS_ON_A_PAGE)
    return render(request, "restoration/contact_sheet.html", {
        "version": version, "asset": version.asset, "shots": pages.get_page(request.GET.get("page")),
        "raster": small_raster_of(version, SHEET_LINES), "most_on_paper": contact_sheet.MOST_SHOTS,
    })


def pdf(request: HttpRequest, pk: int) -> HttpResponseBase:
    """The file itself; while there is none, a page that waits for it and asks again by itself."""
    version = _with_a_reel(request, pk)
    language = get_language() or "en"
    key, told = contact_sheet.current(version, language)
    path = derivative_path(key)
    is_waiting = bool(request.headers.get("HX-Request"))
    if path.exists() and not is_waiting:
        name = f"{slugify(version.asset.accession_number) or 'asset'}-{version}-contact-sheet.pdf"
        return serve_file(request, path, media_type="application/pdf", etag=path.stem, filename=name)
    if path.exists():
        return HttpResponse(headers={"HX-Redirect": reverse("contact-sheet-print", args=[pk])})
    failure = contact_sheet.ask(version, key, language, len(told))
    template = "restoration/_contact_sheet_print.html" if is_waiting else "restoration/contact_sheet_print.html"
    return render(request, template, {"version": version, "asset": version.asset, "failure": failure,
                                      "count": len(told), "most_on_paper": contact_sheet.MOST_SHOTS})


def _with_a_reel(request: HttpRequest, pk: int) -> Version:
    version = version_for(request.user, pk)
    if not ReelTime.of(version).frames:
        raise Http404
    return version
