"""A version derived from another: only what differs is computed, the rest is copied from the master that is held."""

from pathlib import Path

import av
import django_rq
import pytest
from django.conf import settings as site
from django.core.exceptions import ValidationError

from archive.models import ProvenanceEvent, User
from archive.storage import holding_path
from restoration import jobs
from restoration.actions import runs, shots, versions
from restoration.engine.errors import SettingsError
from restoration.engine.settings import Override, Settings
from restoration.models import Run, Version
from restoration.vocabularies import VersionState, WorkState
from tests.restoration.factories import VersionFactory
from tests.restoration.jobs.test_whole_way import files_under, follow_the_bells
from tests.restoration.reels import SHORT, analysed, frames_of, write_tape

pytestmark = pytest.mark.django_db(transaction=True)

START, END = SHORT[1]
QUIETER = Override(start=START, end=END, changes={"noise": {"luma": 0.0}})


@pytest.fixture(autouse=True)
def _silence() -> None:
    django_rq.get_connection("default").flushall()


@pytest.fixture
def first(tmp_path: Path, ada: User, rui: User) -> Version:
    return follow_the_bells(runs.queue(versions.propose(analysed(write_tape(tmp_path, SHORT), ada, SHORT), by=rui),
                                       by=rui)).version


def packets(version: Version) -> list[bytes]:
    assert version.master is not None
    with av.open(str(holding_path(version.master))) as container:
        return [bytes(packet) for packet in container.demux(video=0) if packet.size]


def test_only_the_shot_that_differs_is_computed_and_the_others_are_the_same_packets(
        first: Version, rui: User, rosa: User) -> None:
    assert files_under(Path(site.WORK_DIR)) == []
    shots.judge(first, shot=0, verdict="good", by=rosa)
    shots.judge(first, shot=1, verdict="bad_case", category="lost_grain", by=rosa)
    second = versions.derive(first, overrides=[QUIETER], note="Grain back.", by=rui)
    assert (second.number, second.derived_from, second.state) == (2, first, VersionState.IN_WORK)
    run = second.runs.get()
    jobs.begin_run(run.pk)
    assert list(run.shots.values_list("state", "held_by")) == [
        (WorkState.FINISHED, first.pk), (WorkState.QUEUED, None), (WorkState.FINISHED, first.pk)]
    second = follow_the_bells(run).version
    assert (run.state, run.error, second.state) == (WorkState.FINISHED, "", VersionState.TO_REVIEW)

    before, now = packets(first), packets(second)
    same = [one == other for one, other in zip(before, now, strict=True)]
    assert same == [not 2 * START <= frame < 2 * END for frame in range(2 * SHORT[-1][1])]
    assert frames_of(second.master)[:2 * START] == frames_of(first.master)[:2 * START]
    assert shots.changed(second) == {1}
    assert [(each.shot, each.carried_from is not None) for each in second.shot_verdicts.all()] == [(0, True)]
    told = [list(shot.changes) for shot in first.runs.get().shots.all()]
    again = [list(shot.changes) for shot in run.shots.all()]
    assert (again[0], again[2]) == (told[0], told[2])
    assert ProvenanceEvent.objects.filter(detail="{version} derived from {other}").count() == 1

    # A master that went missing is not counted on.
    third = versions.derive(second, overrides=[Override(start=START, end=END, changes={"noise": {"luma": 0.1}})],
                            by=rui).runs.get()
    jobs.begin_run(third.pk)
    jobs.restore_shot(third.pk, 1)
    for version in (first, second):
        assert version.master is not None
        holding_path(version.master).unlink()
    jobs.join_run(third.pk)
    assert list(Run.objects.get(pk=third.pk).shots.values_list("state", "held_by")) == [
        (WorkState.QUEUED, None), (WorkState.FINISHED, None), (WorkState.QUEUED, None)]


def test_what_would_change_nothing_or_cannot_be_an_exception_is_refused(rui: User) -> None:
    first = VersionFactory(made=True)
    with pytest.raises(ValidationError, match="Nothing would differ from v1"):
        versions.derive(first, overrides=[], by=rui)
    with pytest.raises(SettingsError):
        versions.derive(first, overrides=[Override(start=0, end=2, changes={"upscale": {"height": 1080}})], by=rui)
    with pytest.raises(ValidationError, match="Make v2 first"):
        versions.derive(VersionFactory(analysis=first.analysis), overrides=[QUIETER], by=rui)
    assert Version.objects.count() == 2


def test_exceptions_for_the_same_frames_become_one() -> None:
    more = Override(start=START, end=END, changes={"noise": {"chroma": 0.1}, "grain": {"amount": 0.5}})
    once = Settings().with_exceptions([QUIETER])
    twice = once.with_exceptions([more])
    assert [each.changes for each in twice.overrides] == [
        {"noise": {"luma": 0.0, "chroma": 0.1}, "grain": {"amount": 0.5}}]
    assert twice.at(START, END).noise.chroma == 0.1
