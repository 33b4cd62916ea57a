"""Before/after clips: who asks, what is refused, what becomes of one whose worker is lost."""

from datetime import timedelta

import pytest
from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.http import Http404

from archive.models import ProvenanceEvent, User
from archive.storage import derivative_path
from archive.vocabularies import Role
from restoration.actions import clips, deliveries, orphans, runs
from restoration.actions.failing import Sentence
from restoration.engine.encoding.captions import Captions
from restoration.engine.errors import SettingsError
from restoration.engine.settings import Settings
from restoration.models import BeforeAfterClip, Version
from restoration.vocabularies import WorkState
from tests.factories import AgentFactory, UserFactory
from tests.restoration.factories import ClipFactory, DeliveryFactory, ReviewFactory, VersionFactory

pytestmark = pytest.mark.django_db

MADE = {"sha256": "12" * 32, "size_bytes": 7, "master_sha256": "34" * 32, "facts": {"frames": 60}}


@pytest.fixture
def version() -> Version:
    made: Version = VersionFactory(made=True)
    return made


def ask(version: Version, by: User, start: int = 10, end: int = 70, style: str = "wipe",
        title: str = "Passion\n live ") -> BeforeAfterClip:
    return clips.ask(version, style=style, start=start, end=end, captions=Captions(title=title), language="en", by=by)


def claimed(clip: BeforeAfterClip, worker: str = "one") -> BeforeAfterClip:
    found = clips.claim(clip.pk, worker=worker)
    assert found is not None
    return found


def test_a_clip_is_asked_for_claimed_once_and_kept_with_a_record(version: Version, ada: User) -> None:
    clip = ask(version, ada)
    assert (clip.state, clip.title) == (WorkState.QUEUED, "Passion live")
    ours = claimed(clip)
    assert clips.claim(clip.pk, worker="two") is None
    assert clips.beat(ours, 30)
    clip.refresh_from_db()
    assert clip.frames_done == 30
    assert clips.finish(ours, key="clips/1/a.mp4", put_in_place=lambda: None, **MADE)
    clip.refresh_from_db()
    assert (clip.state, clip.frames_done, clip.sha256, clip.file_key) == (
        WorkState.FINISHED, 60, MADE["sha256"], "clips/1/a.mp4")
    assert not clip.is_of_the_present_master
    event = ProvenanceEvent.objects.get(type="clip_made")
    assert (event.by, event.facts["first"], event.facts["last"]) == (ada, 10, 69)


def test_what_cannot_be_a_clip_is_refused_in_one_sentence(version: Version, rui: User) -> None:
    for start, end in ((10, 10), (-1, 5), (150, 201)):
        with pytest.raises(ValidationError, match=r"ends within the reel: at 00:00:03:19"):
            ask(version, rui, start, end)
    with pytest.raises(ValidationError, match="how both sides"):
        ask(version, rui, style="blend")
    with pytest.raises(SettingsError, match="No font"):
        ask(version, rui, title="\U0001fffe")
    with pytest.raises(ValidationError, match="no pair reel"):
        ask(VersionFactory(), rui)
    Version.objects.filter(pk=version.pk).update(pair_reel={**version.pair_reel, "frames": 20_000})
    version.refresh_from_db()
    most = int(clips.MOST_SECONDS * 60000 / 1001)
    with pytest.raises(ValidationError, match="up to 3 minutes"):
        ask(version, rui, 0, most + 1)
    assert ask(version, rui, 0, most).frames == most
    with pytest.raises(Http404):
        ask(version, UserFactory(role=Role.RIGHTS_HOLDER, organisation=AgentFactory()))


def test_a_clip_for_two_eyes_stays_within_one_shot_of_whole_frames(version: Version, rui: User) -> None:
    """The shots begin with the reel's frames 0, 80 and 180."""
    assert ask(version, rui, 80, 180, style="stereo").style == "stereo"
    with pytest.raises(ValidationError, match="One shot at a time"):
        ask(version, rui, 70, 90, style="stereo")
    of_fields = VersionFactory(made=True, settings=Settings().model_dump(mode="json"))
    with pytest.raises(ValidationError, match="two fields in a frame"):
        ask(of_fields, rui, 10, 20, style="stereo")


def test_the_database_holds_clips_to_frames_and_files() -> None:
    for wrong in ({"end": 10}, {"file_key": ""}, {"sha256": "x"}, {"size_bytes": 0}, {"master_sha256": ""}):
        with pytest.raises(IntegrityError), transaction.atomic():
            ClipFactory(**wrong)


def test_a_lost_worker_gives_it_back_three_lose_it_and_a_person_tries_again(version: Version, rui: User) -> None:
    clip = ask(version, rui)
    slow = claimed(clip, "slow")
    assert runs.reap(worker="slow").given_back == 1
    assert not clips.finish(slow, key="clips/1/a.mp4", put_in_place=lambda: pytest.fail("not its own"), **MADE)
    for name in ("two", "three"):
        claimed(clip, name)
        runs.reap(worker=name)
    clip.refresh_from_db()
    assert (clip.state, "lost 3 times" in clip.error) == (WorkState.FAILED, True)
    clips.again(clip, by=rui)
    assert (clip.state, clip.error, clip.attempts) == (WorkState.QUEUED, "", 0)
    with pytest.raises(ValidationError, match="being made"):
        clips.again(clip, by=rui)


def test_one_that_is_cancelled_stops_and_one_that_is_interrupted_waits(version: Version, rui: User) -> None:
    clip = ask(version, rui)
    clips.give_back(claimed(clip))
    ours = claimed(clip, "two")
    assert ours.attempts == 1
    clips.cancel(clip, by=rui)
    assert not clips.beat(ours, 1)
    clips.give_back(ours)
    assert not clips.fail(ours, Sentence("Too late."))
    clip.refresh_from_db()
    assert (clip.state, clip.error) == (WorkState.CANCELLED, "")
    with pytest.raises(ValidationError, match="no longer being made"):
        clips.cancel(clip, by=rui)


def test_a_clip_of_another_master_is_made_again_and_does_not_go_along(rui: User) -> None:
    present, former = ClipFactory(), ClipFactory(master_sha256="0" * 64)
    assert list(clips.to_deliver(present.version)) == [present]
    assert not clips.to_deliver(former.version).exists()
    with pytest.raises(ValidationError, match="has been made"):
        clips.again(present, by=rui)
    clips.again(former, by=rui)
    before = derivative_path(former.file_key)
    before.parent.mkdir(parents=True)
    before.write_bytes(b"former")
    ours = claimed(former)
    assert clips.finish(ours, key="clips/2/new.mp4", put_in_place=lambda: None, **MADE)
    former.refresh_from_db()
    assert former.file_key == "clips/2/new.mp4"


@pytest.mark.django_db(transaction=True)
def test_a_removed_clip_takes_its_file_along_unless_a_delivery_waits_for_it(rui: User, ada: User) -> None:
    version = ReviewFactory().version
    clip, running = ClipFactory(version=version), ClipFactory(version=version, state=WorkState.RUNNING)
    path = derivative_path(clip.file_key)
    path.parent.mkdir(parents=True)
    path.write_bytes(b"clip")
    delivery = deliveries.create(version, recipient=AgentFactory(), terms="Once.", by=ada, clips=[clip])
    with pytest.raises(ValidationError, match="package is not made"):
        clips.remove(clip, by=rui)
    with pytest.raises(ValidationError, match="Cancel it first"):
        clips.remove(running, by=rui)
    with pytest.raises(ValidationError, match="finished clips of this master"):
        deliveries.create(version, recipient=AgentFactory(), terms="Once.", by=ada, clips=[running])
    delivery.clips.clear()
    clips.remove(clip, by=rui)
    assert not path.exists()
    assert not BeforeAfterClip.objects.filter(pk=clip.pk).exists()


def test_files_without_a_row_are_found_and_those_at_work_are_left() -> None:
    kept = ClipFactory()
    busy = ClipFactory(state=WorkState.RUNNING)
    names = [kept.file_key, f"clips/{busy.pk}/new.mp4", "clips/99999/old.mp4"]
    for name in names:
        path = derivative_path(name)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(b"clip")
    assert [found.path for found in orphans.find(timedelta(0))] == [derivative_path(names[2])]


def test_a_delivery_without_clips_is_as_it_was() -> None:
    assert not DeliveryFactory().clips.exists()
