"""Provenance is written once."""

import pytest
from django.db import IntegrityError, connection

from archive.models import ProvenanceEvent, User


@pytest.fixture
def event(ada: User) -> ProvenanceEvent:
    return ProvenanceEvent.objects.create(type="ingested", by=ada, object_type="media file", object_id="1")


def test_an_event_cannot_be_changed(event: ProvenanceEvent) -> None:
    event.detail = "it never happened"
    with pytest.raises(IntegrityError, match="never changed"):
        event.save()


def test_an_event_cannot_be_deleted(event: ProvenanceEvent) -> None:
    with pytest.raises(IntegrityError, match="never changed"):
        event.delete()


@pytest.mark.django_db
def test_the_table_cannot_be_emptied() -> None:
    with pytest.raises(IntegrityError, match="never changed"), connection.cursor() as cursor:
        cursor.execute("TRUNCATE archive_provenanceevent")
