"""A look, while somebody waits for it."""

import os
from pathlib import Path

from archive.storage import derivative_path, holding_path
from restoration.actions import looks
from restoration.actions.failing import explain
from restoration.actions.shots import shot_of
from restoration.jobs.networks import lay_out
from restoration.jobs.pulse import Pulse, carry_out, worker_name
from restoration.jobs.restoring import promise, refuse_changed_source
from restoration.models import Look


def look(pk: int) -> None:
    """Make the pictures of a look, one after the other to be seen."""
    claimed = looks.claim(pk, worker=worker_name())
    if claimed is None:
        return

    def work(pulse: Pulse) -> None:
        refuse_changed_source(claimed.version.source, is_cancelled=pulse.is_cancelled)
        for trial in range(len(claimed.trials)):
            _make(claimed, trial, pulse)
        looks.finish(claimed)

    carry_out(work, beat=lambda pulse: looks.beat(claimed), interrupted=lambda: looks.give_back(claimed),
              failed=lambda error: looks.fail(claimed, explain(error, during=f"{claimed}",
                                                               about=claimed.version.source)))


def _make(look: Look, trial: int, pulse: Pulse) -> None:
    from restoration.engine.looking import look_at

    version = look.version
    report, _settings = promise(version)
    shot = shot_of(version, look.shot)
    settings = looks.settings_of(version, shot, look.trials[trial])
    lay_out(settings)
    # One more than there are cores, so that the frames share them evenly.
    hands = len(os.sched_getaffinity(0)) + 1
    for frame, png in look_at(holding_path(version.source), report, shot, settings, look.frames, at_once=hands,
                              is_cancelled=pulse.is_cancelled):
        _place(png, derivative_path(looks.picture_key(look, trial, frame)))
        looks.keep_picture(look, trial, frame)


def _place(png: bytes, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    partial.write_bytes(png)
    partial.rename(path)


def be_ready() -> None:
    """Load what takes seconds to load, before somebody waits for it."""
    from restoration.engine import looking  # noqa: F401 (all that a look needs)
    from restoration.engine.compute.device import settle
    from restoration.engine.networks import registry, weights

    settle()
    for network in registry.NETWORKS:
        weights.load(network)
