from typing import Any
from uuid import UUID

from django.core.paginator import Paginator
from django.db.models import Count, Q, QuerySet, Sum
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from archive.access import CATALOGUERS, STAFF, require_role
from archive.addresses import address_of
from archive.models import Agent, User
from archive.vocabularies import Role
from restoration.access import DELIVERERS, deliveries_for, delivery_for, may, version_for
from restoration.actions import clips, deliveries
from restoration.forms import AcceptanceForm, DeliveryForm
from restoration.models import Delivery, Download, Version
from restoration.views.telling import telling
from restoration.vocabularies import DeliveryState, VersionState

PAGE = 40
LOG_LINES = 100

TERMS = """\
The files of this delivery are handed to {recipient} for the uses agreed with the archive. They may be kept, shown and \
used within that agreement; they may not be passed on to others without the archive's written consent. The restoration \
sheet stays with the files and says what was done to the picture.

本次交付的文件交予 {recipient}，仅供与档案馆约定的用途使用。可在约定范围内保存、放映和使用；未经档案馆书面同意，不得\
转交他人。修复记录单须与文件一并保存，其中载明对画面所做的处理。
"""


def index(request: HttpRequest) -> HttpResponse:
    found = deliveries_for(request.user).prefetch_related("version__asset__titles").annotate(
        files=Count("items"), size=Sum("items__size_bytes"))
    page = Paginator(found.order_by("-created_at"), PAGE).get_page(request.GET.get("page"))
    return render(request, "restoration/deliveries.html", {"page": page, **_rights(request)})


def prepare(request: HttpRequest, pk: int) -> HttpResponse:
    user = require_role(request.user, DELIVERERS)
    version = version_for(user, pk)
    recipients = _recipients(version)
    form = DeliveryForm(request.POST or None, recipients=recipients, clips=clips.to_deliver(version),
                        initial=_initial(version, recipients))
    if request.method == "POST" and form.is_valid():
        delivery = None
        with telling(request, in_form=True) as asked:
            delivery = deliveries.create(version, recipient=form.cleaned_data["recipient"],
                                         terms=form.cleaned_data["terms"], extras=form.cleaned_data["extras"],
                                         clips=list(form.cleaned_data["clips"]), by=user)
        if delivery is not None:
            return redirect("delivery", delivery.pk)
        form.add_error(None, asked.refusal)
    return render(request, "restoration/delivery_new.html", {
        "version": version, "asset": version.asset, "form": form,
        "is_approved": version.state == VersionState.APPROVED, "may_state_rights": may(user, CATALOGUERS),
    }, status=422 if form.errors else 200)


def show(request: HttpRequest, pk: UUID) -> HttpResponse:
    delivery = delivery_for(request.user, pk)
    facts = {**_facts(request, delivery), **_rights(request)}
    if facts["is_recipient"]:
        return render(request, "restoration/delivery_received.html", {**facts, **_terms(request, delivery)})
    log = Download.objects.filter(item__delivery=delivery).select_related("item", "by")[:LOG_LINES]
    return render(request, "restoration/delivery.html", {
        **facts, "downloads": log, "acceptances": delivery.acceptances.select_related("by").order_by("at")})


def progress(request: HttpRequest, pk: UUID) -> HttpResponse:
    delivery = delivery_for(request.user, pk)
    facts = {**_facts(request, delivery), **_rights(request)}
    response = render(request, "restoration/_delivery_progress.html", facts)
    if not facts["is_under_way"]:
        response["HX-Refresh"] = "true"
    return response


@require_POST
def package(request: HttpRequest, pk: UUID) -> HttpResponse:
    user, delivery = _to_change(request, pk)
    with telling(request):
        deliveries.package(delivery, by=user)
    return redirect("delivery", pk)


@require_POST
def release(request: HttpRequest, pk: UUID) -> HttpResponse:
    user, delivery = _to_change(request, pk)
    with telling(request, _("Released. %(recipient)s sees it now.") % {"recipient": delivery.recipient}):
        deliveries.release(delivery, by=user)
    return redirect("delivery", pk)


@require_POST
def revoke(request: HttpRequest, pk: UUID) -> HttpResponse:
    user, delivery = _to_change(request, pk)
    with telling(request, _("Revoked. Nobody can download it any more.")):
        deliveries.revoke(delivery, by=user)
    return redirect("delivery", pk)


@require_POST
def accept(request: HttpRequest, pk: UUID) -> HttpResponse:
    delivery = delivery_for(request.user, pk)
    user = require_role(request.user, {Role.RIGHTS_HOLDER})
    form = AcceptanceForm(request.POST)
    if not form.is_valid():
        facts = {**_facts(request, delivery), **_rights(request), **_terms(request, delivery), "form": form}
        return render(request, "restoration/delivery_received.html", facts, status=422)
    with telling(request, _("Terms accepted. The files are ready below.")):
        deliveries.accept_terms(delivery, by=user, address=address_of(request),
                                terms_sha256=form.cleaned_data["terms_sha256"])
    return redirect("delivery", pk)


def _to_change(request: HttpRequest, pk: UUID) -> tuple[User, Delivery]:
    return require_role(request.user, DELIVERERS), delivery_for(request.user, pk, to_change=True)


def _facts(request: HttpRequest, delivery: Delivery) -> dict[str, Any]:
    items = list(delivery.items.all())
    return {
        "delivery": delivery, "version": delivery.version, "asset": delivery.version.asset, "items": items,
        "size": sum(item.size_bytes for item in items),
        "is_under_way": delivery.state == DeliveryState.PACKAGING
        or (delivery.state == DeliveryState.DRAFT and not delivery.error),
        "can_package": delivery.state == DeliveryState.DRAFT and bool(delivery.error),
        "can_release": delivery.state == DeliveryState.PACKAGED,
        "can_revoke": delivery.state in (DeliveryState.PACKAGED, DeliveryState.RELEASED),
    }


def _rights(request: HttpRequest) -> dict[str, Any]:
    return {"is_recipient": not may(request.user, STAFF), "is_deliverer": may(request.user, DELIVERERS)}


def _terms(request: HttpRequest, delivery: Delivery) -> dict[str, Any]:
    user = request.user
    return {"has_accepted": isinstance(user, User) and deliveries.has_accepted(delivery, user),
            "form": AcceptanceForm(initial={"terms_sha256": deliveries.terms_digest(delivery)})}


def _recipients(version: Version) -> QuerySet[Agent]:
    """Whoever somebody logs in for, or holds rights in the asset."""
    return Agent.objects.filter(
        Q(users__role=Role.RIGHTS_HOLDER) | Q(rights_statements__asset=version.asset_id)).distinct()


def _initial(version: Version, recipients: QuerySet[Agent]) -> dict[str, Any]:
    return {"recipient": recipients.filter(rights_statements__asset=version.asset_id).first(), "terms": TERMS}
