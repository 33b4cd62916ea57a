"""Real-time priority is the way an encoder stops a whole machine, so none keeps it."""

import os
from pathlib import Path

import pytest

from restoration.engine.compute.grain import GrainModel
from restoration.engine.encoding import renditions
from restoration.engine.encoding.fairness import fairly_scheduled
from restoration.engine.encoding.film_grain import GivenBack
from restoration.engine.progress import Progress
from tests import clips

pytestmark = pytest.mark.skipif(not Path("/proc/self/task").is_dir(), reason="threads are told apart by Linux's /proc")

TEXTURE = GrainModel(luma=(2 / 255,) * 8, chroma=2 / 255, alike=(0.5, 0.3), height=128)


def policies() -> set[int]:
    return {os.sched_getscheduler(int(thread.name)) for thread in Path("/proc/self/task").iterdir()}


def hurry() -> None:
    try:
        os.sched_setscheduler(0, os.SCHED_FIFO, os.sched_param(1))
    except PermissionError:
        pytest.skip("only who may use real-time priority, such as root, can lose it again")


def test_who_was_made_to_hurry_is_as_patient_as_before() -> None:
    with fairly_scheduled():
        hurry()
        assert os.SCHED_FIFO in policies()
    assert policies() == {os.SCHED_OTHER}


def test_who_hurried_before_may_go_on() -> None:
    try:
        hurry()
        with fairly_scheduled():
            pass
        assert os.SCHED_FIFO in policies()
    finally:
        os.sched_setscheduler(0, os.SCHED_OTHER, os.sched_param(0))


@pytest.mark.parametrize("grain", [(), (GivenBack(range(4), 0.8, TEXTURE, seed=7, first=0),)])
def test_no_thread_of_an_encoder_runs_before_all_others(tmp_path: Path, grain: tuple[GivenBack, ...]) -> None:
    """As root SVT-AV1 would give the highest priority to its own threads and to the one that opens it."""
    clips.write(tmp_path / "scene.mkv", clips.scene(4, (192, 128)), pixel_format="yuv422p10le")
    met: set[int] = set()

    def look(progress: Progress) -> None:
        met.update(policies())

    renditions.render("av1", tmp_path / "scene.mkv", tmp_path / "scene.mp4", grain=grain, report=look)
    assert met | policies() == {os.SCHED_OTHER}
