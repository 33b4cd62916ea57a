"""Who is asked to judge what until when, what people are told, and mails that go out once."""

import datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail.backends import locmem
from django.utils import timezone

from archive.models import ProvenanceEvent, User
from archive.vocabularies import Role
from restoration.actions import approval, assignments, mailing, notices, policies, reviews
from restoration.models import Assignment, Notice, Version
from tests.factories import UserFactory
from tests.restoration.factories import VersionFactory

pytestmark = pytest.mark.django_db

SOON = datetime.date(2999, 1, 2)


@pytest.fixture
def version() -> Version:
    return VersionFactory(made=True)


def test_who_is_asked_is_told_until_when(version: Version, rui: User, rosa: User) -> None:
    assignments.assign(version, to=rosa, by=rui, due_on=SOON)
    notice = Notice.objects.get(user=rosa)
    assert (notice.values["person"], notice.values["due"]) == ("Rui", "2999-01-02")
    assert notice.about == f"/review/{version.pk}/"


def test_who_is_asked_again_gets_another_day(version: Version, rui: User, rosa: User) -> None:
    for day in (None, SOON):
        assignments.assign(version, to=rosa, by=rui, due_on=day)
    assert Assignment.objects.get().due_on == SOON
    assignments.withdraw(Assignment.objects.get(), by=rui)
    assert not Assignment.objects.filter(withdrawn_at=None).exists()


def test_only_who_may_judge_it_now_is_asked(version: Version, rui: User, rosa: User, ada: User) -> None:
    for person in (ada, rui, version.by):
        with pytest.raises(ValidationError, match="cannot judge this version"):
            assignments.assign(version, to=person, by=rui)
    with pytest.raises(ValidationError, match="has passed"):
        assignments.assign(version, to=rosa, by=rui, due_on=timezone.localdate() - datetime.timedelta(days=1))


def test_rules_are_set_by_administrators_and_recorded(version: Version, rosa: User, ada: User, olga: User) -> None:
    collection = version.asset.collection
    stages = [approval.Stage(1, "", Role.REVIEWER, 2, veto=False), approval.Stage(2, "Head", Role.ARCHIVIST, 1, True)]
    with pytest.raises(PermissionDenied):
        policies.set_policy(collection, stages, by=ada)
    for nothing in ([], [approval.Stage(1, "", Role.REVIEWER, 0, veto=True)]):
        with pytest.raises(ValidationError):
            policies.set_policy(collection, nothing, by=olga)
    for _time in range(2):
        policies.set_policy(collection, stages, by=olga)
    assert list(approval.Policies().of_collection(collection.pk)) == stages
    assert ProvenanceEvent.objects.filter(type="policy_set").count() == 2
    policies.follow(collection, by=olga)
    assert approval.Policies().of_collection(collection.pk) == approval.ONE_REVIEWER


def test_a_notice_is_mailed_once_in_both_languages(version: Version, rui: User, mailoutbox: list[Any]) -> None:
    reader = UserFactory(role=Role.REVIEWER, email="rosa@example.org")
    assignments.assign(version, to=reader, by=rui)
    notice = Notice.objects.get(user=reader)
    assert [mailing.send(notice.pk), mailing.send(notice.pk)] == [True, False]
    [mail] = mailoutbox
    assert mail.to == ["rosa@example.org"]
    assert "Rui asks you to judge v1" in mail.body and "请您评审" in mail.body
    assert mail.body.endswith(f"/review/{version.pk}/")
    assert not mailing.waiting().exists()


def test_who_has_no_address_is_told_in_the_application_alone(version: Version, rui: User, rosa: User) -> None:
    User.objects.filter(pk=rosa.pk).update(email="")
    rosa.refresh_from_db()
    [notice] = notices.tell([rosa], "{person} asks.", person="Rui")
    assert notice.mail_due_at is None
    assert not mailing.send(notice.pk)


def test_a_mail_that_fails_is_logged_and_tried_again_and_stops_nothing(
    version: Version, rosa: User, mailoutbox: list[Any], monkeypatch: pytest.MonkeyPatch,
    caplog: pytest.LogCaptureFixture,
) -> None:
    User.objects.filter(pk=version.by_id).update(email="maker@example.org")
    with monkeypatch.context() as broken:
        broken.setattr(locmem.EmailBackend, "send_messages", refuse)
        reviews.decide(version, by=rosa, decision="approved", master_sha256=version.master.sha256)
        notice = Notice.objects.get()
        assert not mailing.send(notice.pk)
    assert "could not be mailed (attempt 1): no such host" in caplog.text
    assert not mailing.send(notice.pk), "not before its time"
    Notice.objects.update(mail_due_at=timezone.now())
    assert mailing.send(notice.pk)
    assert len(mailoutbox) == 1


def refuse(*_args: Any) -> int:
    raise OSError("no such host")
