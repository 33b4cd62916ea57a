"""The rules of approval of a collection, set by administrators."""

from collections.abc import Sequence

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.access import require_role
from archive.actions import provenance
from archive.models import Collection, User
from archive.vocabularies import EventType, Role
from restoration.actions.approval import Stage
from restoration.models import ApprovalPolicy, PolicyStage

ADMINISTRATORS = {Role.ADMINISTRATOR}
MOST_STAGES = 5
MOST_PEOPLE = 20


def set_policy(collection: Collection, stages: Sequence[Stage], *, by: User) -> ApprovalPolicy:
    """Let versions of this collection be approved in these stages, one after the other; what is being judged already
    goes on under the rules it began with. Raises ValidationError."""
    require_role(by, ADMINISTRATORS)
    if not 1 <= len(stages) <= MOST_STAGES:
        raise ValidationError(_("An approval has between 1 and %(most)s stages."), params={"most": MOST_STAGES})
    if any(not 1 <= stage.quorum <= MOST_PEOPLE for stage in stages):
        raise ValidationError(_("A stage needs between 1 and %(most)s people."), params={"most": MOST_PEOPLE})
    with transaction.atomic():
        policy, _is_new = ApprovalPolicy.objects.update_or_create(collection=collection, defaults={"by": by})
        policy.stages.all().delete()
        PolicyStage.objects.bulk_create(
            PolicyStage(policy=policy, order=order, name=stage.name.strip(), role=stage.role, quorum=stage.quorum,
                        veto=stage.veto) for order, stage in enumerate(stages, start=1))
        provenance.record(EventType.POLICY_SET, on=collection, by=by, collection=collection.name,
                          detail=gettext_noop("Rules of approval of “{collection}” set"),
                          stages=[stage.as_json() for stage in stages])
    return policy


def follow(collection: Collection, *, by: User) -> None:
    """From now on the rules of the collection around it hold, or the house's."""
    require_role(by, ADMINISTRATORS)
    with transaction.atomic():
        removed, _of_each = ApprovalPolicy.objects.filter(collection=collection).delete()
        if removed:
            provenance.record(EventType.POLICY_SET, on=collection, by=by, collection=collection.name, stages=[],
                              detail=gettext_noop("“{collection}” has no rules of approval of its own any more"))
