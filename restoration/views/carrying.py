"""Remarks out to other programs, and in from them."""

import uuid
from typing import Any

from django.core import signing
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.utils.translation import ngettext

from archive.access import STAFF, require_role
from archive.actions.catalogue import preferred_title
from archive.models import User
from restoration.access import annotations_for, version_for
from restoration.actions import carrying
from restoration.annotation_forms import NotesFileForm
from restoration.interchange import edl, otio_reading, otio_writing, table, table_reading
from restoration.interchange.carried import Carried, carried
from restoration.interchange.table_reading import Read
from restoration.models import Version
from restoration.reel_time import ReelTime
from restoration.views.telling import telling

TYPES = {"csv": "text/csv", "otio": "application/json", "edl": "text/plain"}
SALT, OLDEST_SECONDS = "notes from a file", 24 * 3600


def export(request: HttpRequest, pk: int, format: str) -> HttpResponse:
    """The remarks of a version as a file."""
    version = version_for(request.user, pk)
    if format not in TYPES or not ReelTime.of(version).frames:
        raise Http404
    remarks = carried(annotations_for(request.user, version))
    return HttpResponse(_written(version, remarks, format), content_type=f"{TYPES[format]}; charset=utf-8",
                        headers={"Content-Disposition": f'attachment; filename="{file_name(version)}.{format}"'})


def file_name(version: Version) -> str:
    return f"{slugify(version.asset.accession_number) or 'asset'}-{version}-notes"


def _written(version: Version, remarks: list[Carried], format: str) -> str:
    reel = ReelTime.of(version)
    title = f"{preferred_title(version.asset)} {version}"
    if format == "csv":
        return table.written(remarks, reel)
    if format == "edl":
        return edl.written(remarks, reel, title=title)
    return otio_writing.written(remarks, reel, title=title,
                                clip_name=version.master.name if version.master else str(version))


def bring(request: HttpRequest, pk: int) -> HttpResponse:
    """A file of remarks: first what would be taken in, then, once more by a person's word, all of it."""
    user = require_role(request.user, STAFF)
    version = version_for(user, pk)
    if not ReelTime.of(version).frames:
        raise Http404
    if "taken" in request.POST:
        return _take(request, version, user)
    form = NotesFileForm(request.POST or None, request.FILES or None)
    page: dict[str, Any] = {"version": version, "asset": version.asset, "form": form}
    if request.method == "POST" and form.is_valid():
        page |= _preview(version, user, form)
    return render(request, "restoration/notes_file.html", page, status=422 if form.errors else 200)


def _preview(version: Version, user: User, form: NotesFileForm) -> dict[str, Any]:
    reel, key = ReelTime.of(version), uuid.uuid4()
    name = str(form.cleaned_data["file"].name)[:200]
    try:
        found = _read(form.text, reel)
        rows = carrying.checked(version, found.remarks, by=user, key=key)
    except ValidationError as refusal:
        form.add_error("file", refusal)
        return {}
    taken = {"version": version.pk, "key": str(key), "file": name,
             "remarks": [each.as_json() for each in found.remarks]}
    return {"found": [(remark, reel.label(remark.start), reel.label(remark.last), row)
                      for remark, row in zip(found.remarks, rows, strict=True)],
            "left_behind": found.left_behind, "name": name,
            "taken": signing.dumps(taken, salt=SALT, compress=True)}


def _read(text: str, reel: ReelTime) -> Read:
    return otio_reading.read(text, reel) if text.lstrip()[:1] == "{" else table_reading.read(text, reel)


def _take(request: HttpRequest, version: Version, user: User) -> HttpResponse:
    try:
        taken = signing.loads(request.POST["taken"], salt=SALT, max_age=OLDEST_SECONDS)
    except signing.BadSignature:
        return redirect("annotations-bring", version.pk)
    if taken["version"] != version.pk:
        return redirect("annotations-bring", version.pk)
    remarks = [Carried.from_json(told) for told in taken["remarks"]]
    done = ngettext("%(count)s note was brought in.", "%(count)s notes were brought in.", len(remarks))
    with telling(request, done % {"count": len(remarks)}):
        carrying.take(version, remarks, by=user, key=uuid.UUID(taken["key"]), file_name=taken["file"])
    return redirect(f"{reverse('review', args=[version.pk])}#notes")
