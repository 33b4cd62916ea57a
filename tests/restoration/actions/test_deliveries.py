import hashlib

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from archive.models import Agent, ProvenanceEvent, User
from archive.vocabularies import RestorationState
from restoration.actions import deliveries
from restoration.actions.failing import Sentence
from restoration.models import Delivery, DeliveryItem, Download, TermsAcceptance, Version
from restoration.vocabularies import DeliveryState, VersionState
from tests.factories import AgentFactory, UserFactory
from tests.restoration.factories import DeliveryFactory, DeliveryItemFactory, ReviewFactory, VersionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def approved() -> Version:
    return ReviewFactory().version


@pytest.fixture
def released(harbour: Agent) -> Delivery:
    return DeliveryFactory(recipient=harbour, state=DeliveryState.RELEASED)


@pytest.fixture
def item(released: Delivery) -> DeliveryItem:
    return DeliveryItemFactory(delivery=released)


def test_only_an_approved_version_is_delivered(ada: User, harbour: Agent, approved: Version) -> None:
    with pytest.raises(ValidationError, match="approved"):
        deliveries.create(VersionFactory(made=True), recipient=harbour, terms="Once.", by=ada)
    assert deliveries.create(approved, recipient=harbour, terms="Once.", by=ada).state == DeliveryState.DRAFT


def test_the_database_itself_refuses_what_nobody_approved(ada: User, harbour: Agent) -> None:
    version = VersionFactory(made=True)
    Version.objects.filter(pk=version.pk).update(state=VersionState.APPROVED)
    with pytest.raises(IntegrityError, match="only an approved version"), transaction.atomic():
        Delivery.objects.create(version=version, recipient=harbour, terms="Once.", by=ada)


def test_a_delivery_states_its_terms(ada: User, harbour: Agent, approved: Version) -> None:
    with pytest.raises(ValidationError):
        deliveries.create(approved, recipient=harbour, terms=" ", by=ada)


def test_no_wide_range_is_made_of_a_wide_range(ada: User, harbour: Agent, approved: Version) -> None:
    approved.analysis.report["source"]["transfer"] = "smpte2084"
    approved.analysis.save()
    for extra in ("hdr10", "hlg"):
        with pytest.raises(ValidationError, match=r"wide range \(PQ\) already"):
            deliveries.create(approved, recipient=harbour, terms="Once.", by=ada, extras=[extra])
    assert deliveries.create(approved, recipient=harbour, terms="Once.", by=ada, extras=["av1"]).extras == ["av1"]


def test_delivering_is_for_archivists(rui: User, harbour: Agent, approved: Version, released: Delivery) -> None:
    with pytest.raises(PermissionDenied):
        deliveries.create(approved, recipient=harbour, terms="Once.", by=rui)
    for verb in (deliveries.package, deliveries.release, deliveries.revoke):
        with pytest.raises(PermissionDenied):
            verb(released, by=rui)


def test_a_draft_is_packaged_by_one_worker_and_then_released(ada: User, henri: User, harbour: Agent,
                                                              approved: Version) -> None:
    delivery = deliveries.create(approved, recipient=harbour, terms="Once.", by=ada)
    with pytest.raises(ValidationError, match="complete package"):
        deliveries.release(delivery, by=ada)
    claimed = deliveries.claim(str(delivery.pk), worker="one")
    assert claimed is not None
    assert deliveries.claim(str(delivery.pk), worker="two") is None
    assert deliveries.finish(claimed, [DeliveryItemFactory.build(delivery=claimed)], put_in_place=lambda: None)
    deliveries.release(delivery, by=ada)
    approved.asset.refresh_from_db()
    assert delivery.state == DeliveryState.RELEASED
    assert approved.asset.restoration_state == RestorationState.DELIVERED
    assert list(ProvenanceEvent.objects.filter(object_type="delivery").order_by("pk").values_list("type", flat=True)
                ) == ["packaged", "released"]


def test_a_package_that_failed_says_why_and_is_tried_again(ada: User, harbour: Agent, approved: Version) -> None:
    delivery = deliveries.create(approved, recipient=harbour, terms="Once.", by=ada)
    with pytest.raises(ValidationError):
        deliveries.package(delivery, by=ada)
    claimed = deliveries.claim(str(delivery.pk), worker="one")
    assert claimed is not None
    deliveries.fail(claimed, Sentence("The disk is full: {name}.", {"name": "m.mov"}))
    delivery.refresh_from_db()
    assert (delivery.state, delivery.error) == (DeliveryState.DRAFT, "The disk is full: m.mov.")
    assert delivery.items.count() == 0
    assert deliveries.claim(str(delivery.pk), worker="two") is None, "it waits for a person"
    deliveries.package(delivery, by=ada)
    assert deliveries.claim(str(delivery.pk), worker="two") is not None


def test_a_revoked_delivery_is_nobodys_any_more(ada: User, henri: User, released: Delivery) -> None:
    deliveries.accept_terms(released, by=henri)
    assert deliveries.may_download(released, henri)
    deliveries.revoke(released, by=ada)
    assert not deliveries.may_download(released, henri)
    with pytest.raises(ValidationError):
        deliveries.revoke(released, by=ada)


def test_terms_are_accepted_before_anything_is_downloaded(henri: User, released: Delivery) -> None:
    assert not deliveries.may_download(released, henri)
    acceptance = deliveries.accept_terms(released, by=henri, address="192.0.2.7")
    assert acceptance.terms_sha256 == hashlib.sha256(released.terms.encode()).hexdigest()
    assert deliveries.may_download(released, henri)
    deliveries.accept_terms(released, by=henri)
    assert TermsAcceptance.objects.count() == 1


def test_changed_terms_are_accepted_anew(henri: User, released: Delivery) -> None:
    seen = deliveries.terms_digest(released)
    deliveries.accept_terms(released, by=henri, terms_sha256=seen)
    released.terms += " And once more."
    released.save()
    assert not deliveries.may_download(released, henri)
    with pytest.raises(ValidationError, match="changed"):
        deliveries.accept_terms(released, by=henri, terms_sha256=seen)


def test_people_of_another_organisation_and_of_the_archive_accept_and_download_nothing(
        ada: User, released: Delivery) -> None:
    other = UserFactory(role="rights_holder", organisation=AgentFactory(name="Elsewhere", kind="organisation"))
    for person in (other, ada):
        with pytest.raises(PermissionDenied):
            deliveries.accept_terms(released, by=person)
        assert not deliveries.may_download(released, person)


def test_an_acceptance_is_never_changed(henri: User, released: Delivery) -> None:
    acceptance = deliveries.accept_terms(released, by=henri)
    with pytest.raises(IntegrityError), transaction.atomic():
        TermsAcceptance.objects.filter(pk=acceptance.pk).update(terms_sha256="0" * 64)


def test_each_retrieval_is_recorded_and_the_last_byte_is_told_once(henri: User, item: DeliveryItem) -> None:
    first = deliveries.record_download(item, by=henri, first=0, last=999)
    deliveries.finish_download(first, sent=400)
    assert not ProvenanceEvent.objects.filter(type="downloaded").exists()
    deliveries.record_download(item, by=henri, first=400, last=999, sent=600, address="192.0.2.7")
    deliveries.record_download(item, by=henri, first=0, last=999, sent=1000)
    assert ProvenanceEvent.objects.get(type="downloaded").facts["name"] == item.name
    assert list(Download.objects.order_by("pk").values_list("first_byte", "sent_bytes")) == [
        (0, 400), (400, 600), (0, 1000)]


def test_a_gap_in_the_middle_is_not_all_of_it(henri: User, item: DeliveryItem) -> None:
    deliveries.record_download(item, by=henri, first=0, last=399, sent=400)
    deliveries.record_download(item, by=henri, first=401, last=999, sent=599)
    assert not ProvenanceEvent.objects.filter(type="downloaded").exists()


def test_bytes_that_are_not_there_are_not_recorded(henri: User, item: DeliveryItem) -> None:
    with pytest.raises(ValueError, match="bytes"):
        deliveries.record_download(item, by=henri, first=0, last=1000)
