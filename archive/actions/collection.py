"""Bodies of assets kept together; they nest."""

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


def describe_collection(collection: Collection, *, by: User | None, name: str | None = None,
                        name_zh: str | None = None, description: str | None = None) -> Collection:
    """Change a collection's words; None leaves them as they are."""
    require_cataloguer(by)
    with transaction.atomic():
        collection = Collection.objects.select_for_update().get(pk=collection.pk)
        if name is not None:
            _refuse_taken_name(name.strip(), collection.parent, collection)
        changes = put(collection, name=name, name_zh=name_zh, description=description)
        if changes:
            collection.save(update_fields=list(changes))
            provenance.record(EventType.DESCRIBED, on=collection, by=by, detail=gettext_noop("Changed: {fields}."),
                              fields=", ".join(changes), changes=changes)
    return collection


def move_collection(collection: Collection, *, into: Collection | None, by: User | None) -> Collection:
    """Make a collection part of another, or of none. Raises ValidationError for a cycle."""
    require_cataloguer(by)
    with transaction.atomic():
        parents = dict(Collection.objects.select_for_update().values_list("pk", "parent_id"))
        above: int | None = into.pk if into else None
        while above is not None:
            if above == collection.pk:
                raise ValidationError(_("A collection cannot be part of itself or of what it holds."))
            above = parents.get(above)
        _refuse_taken_name(collection.name, into, collection)
        changes = {"parent": [str(collection.parent or ""), str(into or "")]}
        collection.parent = into
        collection.save(update_fields=["parent"])
        provenance.record(EventType.DESCRIBED, on=collection, by=by, detail=gettext_noop("Changed: {fields}."),
                          fields="parent", changes=changes)
    return collection


def _refuse_taken_name(name: str, parent: Collection | None, collection: Collection | None) -> None:
    if not name:
        raise ValidationError(_("A collection needs a name."))
    others = Collection.objects.exclude(pk=collection.pk if collection else 0)
    if others.filter(name=name, parent=parent).exists():
        raise ValidationError(_("There is already a collection “%(name)s” here."), params={"name": name})
