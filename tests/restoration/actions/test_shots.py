"""What people think of single shots."""

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import IntegrityError, transaction

from archive.models import User
from restoration.actions import shots
from restoration.models import Notice, ShotVerdict, Version
from tests.restoration.factories import RunFactory, VersionFactory

pytestmark = pytest.mark.django_db


@pytest.fixture
def version() -> Version:
    made: Version = VersionFactory(made=True)
    return made


def finish(version: Version, *digests: str) -> None:
    """A run of this version that finished the three shots of the usual report under these digests."""
    run = RunFactory(version=version, state="finished", shots=((0, 40), (40, 90), (90, 100)))
    for index, digest in enumerate(digests):
        run.shots.filter(index=index).update(state="finished", segment_digest=digest * 64)


def test_a_bad_case_has_a_category_its_frames_and_words(version: Version, rosa: User) -> None:
    verdict = shots.judge(version, shot=1, verdict="bad_case", category="plastic_faces", words=" Wax. ", frame=97,
                          by=rosa)
    assert (verdict.start, verdict.end, verdict.words, verdict.frame) == (40, 90, "Wax.", 97)
    with pytest.raises(ValidationError, match="what is wrong"):
        shots.judge(version, shot=1, verdict="bad_case", by=rosa)
    with pytest.raises(ValidationError, match="v1 has no shot 8"):
        shots.judge(version, shot=7, verdict="good", by=rosa)
    with pytest.raises(ValidationError, match="has no master"):
        shots.judge(VersionFactory(), shot=0, verdict="good", by=rosa)


def test_the_latest_word_of_each_person_counts_and_one_bad_case_is_enough(version: Version, rosa: User,
                                                                           rui: User) -> None:
    shots.judge(version, shot=0, verdict="bad_case", category="ghosting", by=rosa)
    shots.judge(version, shot=0, verdict="good", by=rosa)
    assert shots.standing(shots.verdicts(version)[0]) == "good"
    shots.judge(version, shot=0, verdict="bad_case", category="lost_grain", by=rui)
    said = shots.verdicts(version)[0]
    assert [(each.by, each.verdict) for each in said] == [(rui, "bad_case"), (rosa, "good")]
    assert (shots.standing(said), shots.standing([])) == ("bad_case", "")


def test_what_was_thought_stays(version: Version, rosa: User, ada: User) -> None:
    verdict = shots.judge(version, shot=0, verdict="good", by=rosa)
    with pytest.raises(IntegrityError), transaction.atomic():
        ShotVerdict.objects.filter(pk=verdict.pk).update(verdict="bad_case", category="other")
    with pytest.raises(IntegrityError), transaction.atomic():
        verdict.delete()
    with pytest.raises(PermissionDenied):
        shots.judge(version, shot=0, verdict="good", by=ada)


def test_a_shot_that_came_out_the_same_keeps_what_was_said_of_it(version: Version, rosa: User) -> None:
    finish(version, "a", "b", "c")
    good = shots.judge(version, shot=0, verdict="good", by=rosa)
    shots.judge(version, shot=1, verdict="bad_case", category="ghosting", by=rosa)
    derived = VersionFactory(made=True, analysis=version.analysis, derived_from=version)
    finish(derived, "a", "d", "c")
    assert (shots.changed(version), shots.changed(derived)) == ({0, 1, 2}, {1})
    for _ in range(2):
        shots.carry_over(derived)
    (carried,) = derived.shot_verdicts.all()
    assert (carried.shot, carried.verdict, carried.by, carried.carried_from) == (0, "good", rosa, good)


def test_whoever_marked_a_bad_case_is_told_of_the_version_that_answers_it(version: Version, rosa: User,
                                                                          olga: User) -> None:
    finish(version, "a", "b", "c")
    for person, shot in ((rosa, 1), (olga, 2)):
        shots.judge(version, shot=shot, verdict="bad_case", category="ghosting", by=person)
    derived = VersionFactory(made=True, analysis=version.analysis, derived_from=version)
    finish(derived, "a", "d", "c")
    shots.tell_answered(derived)
    told = Notice.objects.get()
    assert (told.user, told.about) == (rosa, f"/review/{derived.pk}/?b={version.pk}&m=side")
    assert "v2 of" in told.text.format(**told.values) and "you marked in v1" in told.text.format(**told.values)


def test_a_version_is_derived_only_from_a_master_of_its_own_source(version: Version) -> None:
    for wrong in (VersionFactory(made=True), VersionFactory(analysis=version.analysis)):
        with pytest.raises(IntegrityError), transaction.atomic():
            VersionFactory(analysis=version.analysis, derived_from=wrong)
    with pytest.raises(IntegrityError), transaction.atomic():
        Version.objects.filter(pk=VersionFactory(analysis=version.analysis).pk).update(derived_from=version)
