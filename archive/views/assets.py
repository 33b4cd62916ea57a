"""One asset: shown with everything that is known of it, catalogued, described."""

from typing import Any

from django.core.exceptions import ValidationError
from django.db.models import Prefetch
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils import timezone
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from archive import access
from archive.actions import catalogue, rights
from archive.forms import AssetForms, CarrierForm, CollectionForm, RightsForm
from archive.models import Asset, MediaFile
from archive.views.line import line_of

EVENTS_SHOWN = 8


def show(request: HttpRequest, pk: int) -> HttpResponse:
    asset = access.asset_for(request.user, pk)
    parts = list(asset.instantiations.prefetch_related(
        Prefetch("media_files", MediaFile.objects.prefetch_related("tracks", "fixity_checks", "analyses"))))
    versions = list(asset.versions.select_related("source", "master", "by").prefetch_related(
        "reviews__reviewer", "runs", "deliveries__recipient"))
    files = [file for part in parts for file in part.media_files.all()]
    return render(request, "archive/asset.html", {
        "asset": asset, "instantiations": parts, "media_files": files, "versions": versions,
        "line": line_of(asset, parts, versions), "shown_file": _shown_file(asset, files),
        **_scans(files), "description": _description(asset),
        "rights": asset.rights_statements.select_related("holder"), "today": timezone.localdate(),
        "may_catalogue": access.can_catalogue(request.user), **_provenance(request, asset),
    })


def create(request: HttpRequest) -> HttpResponse:
    access.require_role(request.user, access.CATALOGUERS)
    forms = AssetForms(request.POST or None, collection=request.GET.get("collection"))
    if request.method == "POST" and forms.is_valid():
        said = forms.description()
        try:
            asset = catalogue.create_asset(
                by=access.require_role(request.user, access.CATALOGUERS), kind=forms.asset.cleaned_data["kind"],
                collection=forms.asset.cleaned_data["collection"], title=forms.first_title(),
                accession_number=forms.asset.cleaned_data["accession_number"], description=said)
            return redirect("asset", asset.pk)
        except ValidationError as error:
            forms.asset.add_error(None, error)
    return render(request, "archive/asset_form.html", {"forms": forms, "asset": None}, status=_status(request))


def edit(request: HttpRequest, pk: int) -> HttpResponse:
    asset = access.asset_for(request.user, pk, to_change=True)
    forms = AssetForms(request.POST or None, asset=asset)
    if request.method == "POST" and forms.is_valid():
        try:
            by = access.require_role(request.user, access.CATALOGUERS)
            catalogue.describe_asset(asset, forms.description(), by=by)
            return redirect("asset", asset.pk)
        except ValidationError as error:
            forms.asset.add_error(None, error)
    return render(request, "archive/asset_form.html", {"forms": forms, "asset": asset}, status=_status(request))


def add_carrier(request: HttpRequest, pk: int) -> HttpResponse:
    asset = access.asset_for(request.user, pk, to_change=True)
    form = CarrierForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        by = access.require_role(request.user, access.CATALOGUERS)
        carrier = catalogue.add_carrier(asset, by=by, **form.cleaned_data)
        return redirect(f"{_address(asset)}#instantiation-{carrier.pk}")
    return _one_form(request, form, asset, _("Add a carrier"), _("Add the carrier"))


def state_rights(request: HttpRequest, pk: int) -> HttpResponse:
    asset = access.asset_for(request.user, pk, to_change=True)
    form = RightsForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            by = access.require_role(request.user, access.CATALOGUERS)
            rights.state_rights(asset, by=by, **form.cleaned_data)
            return redirect(f"{_address(asset)}#rights")
        except ValidationError as error:
            form.add_error(None, error)
    return _one_form(request, form, asset, _("State rights"), _("State the rights"))


def create_collection(request: HttpRequest) -> HttpResponse:
    by = access.require_role(request.user, access.CATALOGUERS)
    form = CollectionForm(request.POST or None, initial={"parent": request.GET.get("parent")})
    if request.method == "POST" and form.is_valid():
        try:
            catalogue.create_collection(by=by, **form.cleaned_data)
            return redirect("collections")
        except ValidationError as error:
            form.add_error(None, error)
    return _one_form(request, form, None, _("Create a collection"), _("Create the collection"))


def edit_collection(request: HttpRequest, pk: int) -> HttpResponse:
    collection = access.collection_for(request.user, pk, to_change=True)
    form = CollectionForm(request.POST or None, initial={
        "name": collection.name, "name_zh": collection.name_zh, "parent": collection.parent_id,
        "description": collection.description})
    if request.method == "POST" and form.is_valid():
        try:
            by = access.require_role(request.user, access.CATALOGUERS)
            catalogue.describe_collection(collection, by=by, **form.cleaned_data)
            return redirect("collections")
        except ValidationError as error:
            form.add_error(None, error)
    return _one_form(request, form, None, _("Describe the collection"), _("Keep this description"))


def _one_form(request: HttpRequest, form: Any, asset: Asset | None, heading: str, send: str) -> HttpResponse:
    return render(request, "archive/one_form.html", {
        "form": form, "asset": asset, "heading_text": heading, "send": send}, status=_status(request))


def _status(request: HttpRequest) -> int:
    return 422 if request.method == "POST" else 200


def _address(asset: Asset) -> str:
    return redirect("asset", asset.pk)["Location"]


def _shown_file(asset: Asset, files: list[MediaFile]) -> MediaFile | None:
    """The file whose pictures stand for the asset, or the first there is."""
    return next((file for file in files if file.pk == asset.poster_file_id), next(iter(files), None))


def _scans(files: list[Any]) -> dict[str, Any]:
    """The latest analysis, whatever became of it, and the latest that found something."""
    newest_first = sorted((scan for file in files for scan in file.analyses.all()), key=lambda scan: -scan.pk)
    return {"analysis": next(iter(newest_first), None),
            "scan": next((scan for scan in newest_first if scan.state == "finished"), None)}


def _description(asset: Asset) -> dict[str, str]:
    """In the reader's language where it was written in it, else in the other, with its language named."""
    texts = [("en", asset.description), ("zh-Hans", asset.description_zh)]
    if (get_language() or "").startswith("zh"):
        texts.reverse()
    return next(({"language": language, "text": text} for language, text in texts if text), {})


def _provenance(request: HttpRequest, asset: Asset) -> dict[str, Any]:
    """The newest, or all where all were asked for; and how many there are."""
    events = asset.provenance.select_related("by")
    shown = list(events if "provenance" in request.GET else events[:EVENTS_SHOWN])
    return {"events": shown, "happened": asset.provenance.count()}


