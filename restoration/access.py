"""Who may see and do what in restoration. The gate fetches: a view gets an object only from here."""

from typing import Any
from uuid import UUID

from django.db.models import QuerySet
from django.http import Http404
from django.shortcuts import get_object_or_404

from archive.access import STAFF, require_role
from archive.models import User
from archive.vocabularies import Role
from restoration.models import (
    Adaptation,
    Analysis,
    Annotation,
    BeforeAfterClip,
    BlindTrial,
    Delivery,
    DeliveryItem,
    Inspection,
    Look,
    Run,
    Version,
    Weights,
)
from restoration.vocabularies import DeliveryState

RESTORERS = {Role.RESTORER, Role.ADMINISTRATOR}
ANALYSERS = {Role.ARCHIVIST, Role.RESTORER, Role.ADMINISTRATOR}
REVIEWERS = {Role.REVIEWER, Role.ADMINISTRATOR}
JUDGES_OF_SHOTS = RESTORERS | REVIEWERS
DELIVERERS = {Role.ARCHIVIST, Role.ADMINISTRATOR}
CLIP_MAKERS = RESTORERS | REVIEWERS | DELIVERERS


def may(user: Any, roles: set[Role]) -> bool:
    return isinstance(user, User) and user.role in roles


def analysis_for(user: Any, pk: int, *, to_change: bool = False) -> Analysis:
    require_role(user, ANALYSERS if to_change else STAFF)
    return get_object_or_404(Analysis.objects.select_related("media_file__instantiation__asset"), pk=pk)


def version_for(user: Any, pk: int, *, to_change: bool = False) -> Version:
    """Also the gate of what is made from a version: pair reel and stills."""
    require_role(user, RESTORERS if to_change else STAFF)
    return get_object_or_404(Version.objects.select_related("asset", "source", "master", "by", "derived_from"), pk=pk)


def version_to_judge_for(user: Any, pk: int) -> Version:
    """Whose turn it is to judge, the stage of its approval says."""
    require_role(user, STAFF)
    return version_for(user, pk)


def annotations_for(user: Any, version: Version) -> QuerySet[Annotation]:
    require_role(user, STAFF)
    return annotations_seen(version)


def annotations_seen(version: Version) -> QuerySet[Annotation]:
    """The remarks on a version with their threads, in the order of the reel; withdrawn ones are out of sight."""
    seen = version.annotations.filter(withdrawn_at__isnull=True)
    return seen.select_related("author", "resolved_by").prefetch_related("replies__author")


def annotation_for(user: Any, pk: int) -> Annotation:
    require_role(user, STAFF)
    return get_object_or_404(Annotation.objects.select_related(
        "version__asset", "version__master", "author", "resolved_by"), pk=pk, withdrawn_at__isnull=True)


def trial_for(user: Any, pk: int) -> BlindTrial:
    require_role(user, STAFF)
    return get_object_or_404(BlindTrial.objects.select_related("first__asset", "first__master", "second__master", "by"),
                             pk=pk)


def run_for(user: Any, pk: int, *, to_change: bool = False) -> Run:
    require_role(user, RESTORERS if to_change else STAFF)
    return get_object_or_404(Run.objects.select_related("version__asset", "version__source", "by"), pk=pk)


def look_for(user: Any, pk: int) -> Look:
    require_role(user, RESTORERS)
    return get_object_or_404(Look.objects.select_related("version"), pk=pk)


def clip_for(user: Any, pk: int, *, to_change: bool = False) -> BeforeAfterClip:
    """Also the gate of its file."""
    require_role(user, CLIP_MAKERS if to_change else STAFF)
    return get_object_or_404(BeforeAfterClip.objects.select_related("version__asset", "version__master", "by"), pk=pk)


def adaptation_for(user: Any, pk: int) -> Adaptation:
    require_role(user, RESTORERS)
    return get_object_or_404(Adaptation.objects.select_related("analysis"), pk=pk)


def weights_for(user: Any) -> QuerySet[Weights]:
    require_role(user, STAFF)
    return Weights.objects.select_related("by")


def brought_for(user: Any, pk: int, *, to_change: bool = False) -> Weights:
    """One network of others."""
    require_role(user, RESTORERS if to_change else STAFF)
    return get_object_or_404(weights_for(user), pk=pk)


def inspection_for(user: Any, pk: int) -> Inspection:
    require_role(user, RESTORERS)
    return get_object_or_404(Inspection.objects.select_related("by", "weights"), pk=pk)


def deliveries_for(user: Any) -> QuerySet[Delivery]:
    """The archive's people see all; a rights holder sees what was released to their organisation, nothing else."""
    deliveries = Delivery.objects.select_related("version__asset", "recipient")
    if may(user, STAFF):
        return deliveries
    if may(user, {Role.RIGHTS_HOLDER}) and user.organisation_id:
        return deliveries.filter(recipient_id=user.organisation_id, state=DeliveryState.RELEASED)
    raise Http404


def delivery_for(user: Any, pk: UUID, *, to_change: bool = False) -> Delivery:
    if to_change:
        require_role(user, DELIVERERS)
    return get_object_or_404(deliveries_for(user), pk=pk)


def delivery_item_for(user: Any, pk: int) -> DeliveryItem:
    return get_object_or_404(DeliveryItem.objects.select_related("delivery__version__asset"), pk=pk,
                             delivery__in=deliveries_for(user))
