"""Bodies of assets kept together; they nest."""

from collections.abc import Mapping

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.access import require_cataloguer
from archive.actions import provenance
from archive.actions.wording import put
from archive.models import Collection, User
from archive.vocabularies import EventType


def create_collection(*, by: User | None, name: str, name_zh: str = "", description: str = "",
                      parent: Collection | None = None) -> Collection:
    require_cataloguer(by)
    _refuse_taken_name(name.strip(), parent, None)
    try:
        with transaction.atomic():
            collection = Collection.objects.create(name=name.strip(), name_zh=name_zh.strip(),
                                                   description=description.strip(), parent=parent)
            provenance.record(EventType.CATALOGUED, on=collection, by=by,
                              detail=gettext_noop("Collection “{name}” created."), name=collection.name)
    except IntegrityError:
        # Somebody else was quicker by a moment.
        _refuse_taken_name(name.strip(), parent, None)
        raise
    return collection


def describe_collection(collection: Collection, *, by: User | None, name: str, name_zh: str, description: str,
                        parent: Collection | None) -> Collection:
    """Change a collection's words and what it is part of. Raises ValidationError; then nothing has changed."""
    require_cataloguer(by)
    try:
        with transaction.atomic():
            above = dict(Collection.objects.select_for_update().values_list("pk", "parent_id"))
            collection = Collection.objects.select_related("parent").get(pk=collection.pk)
            _refuse_cycle(collection, parent, above)
            _refuse_taken_name(name.strip(), parent, collection)
            changes = put(collection, name=name, name_zh=name_zh, description=description)
            if collection.parent != parent:
                changes["parent"] = [str(collection.parent or ""), str(parent or "")]
                collection.parent = parent
            if changes:
                collection.save(update_fields=list(changes))
                provenance.record(EventType.DESCRIBED, on=collection, by=by, detail=gettext_noop("Changed: {fields}."),
                                  fields=", ".join(changes), changes=changes)
    except IntegrityError:
        _refuse_taken_name(name.strip(), parent, collection)
        raise
    return collection


def _refuse_cycle(collection: Collection, parent: Collection | None, above: Mapping[int, int | None]) -> None:
    one = parent.pk if parent else None
    while one is not None:
        if one == collection.pk:
            raise ValidationError(_("A collection cannot be part of itself or of what it holds."))
        one = above.get(one)


def _refuse_taken_name(name: str, parent: Collection | None, collection: Collection | None) -> None:
    if not name:
        raise ValidationError(_("A collection needs a name."))
    others = Collection.objects.exclude(pk=collection.pk if collection else 0)
    if others.filter(name=name, parent=parent).exists():
        raise ValidationError(_("There is already a collection “%(name)s” here."), params={"name": name})
