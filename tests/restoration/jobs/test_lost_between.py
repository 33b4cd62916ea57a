"""A worker that is lost between two steps leaves nothing behind."""

from pathlib import Path

import pytest
from django.conf import settings as site

from archive.models import User
from restoration import jobs
from restoration.actions import runs, steps, versions
from restoration.models import Run
from restoration.vocabularies import WorkState
from tests.restoration.reels import SHORT, analysed, write_tape

pytestmark = pytest.mark.django_db(transaction=True)


def test_segments_that_outlived_their_master_go_with_the_pair_reel(tmp_path: Path, ada: User, rui: User) -> None:
    run = runs.queue(versions.propose(analysed(write_tape(tmp_path, SHORT), ada, SHORT), by=rui), by=rui)
    jobs.begin_run(run.pk)
    for index in range(3):
        jobs.restore_shot(run.pk, index)
    kept = {path: path.read_bytes() for path in Path(site.WORK_DIR).glob("segments/*/*.mkv")}
    jobs.join_run(run.pk)
    for path, data in kept.items():
        path.write_bytes(data)
    jobs.join_run(run.pk)
    assert not run.shots.exclude(state=WorkState.FINISHED).exists(), "a bell that comes late joins nothing again"
    assert [bell.job for bell in steps.due(Run.objects.get(pk=run.pk))] == ["make_pair_reel"]
    jobs.make_pair_reel(run.pk)
    assert Run.objects.get(pk=run.pk).state == WorkState.FINISHED
    assert [path for path in Path(site.WORK_DIR).rglob("*") if path.is_file()] == []
