"""Where segments lie while a master is being made."""

import shutil
from pathlib import Path

from django.conf import settings

from archive.models import MediaFile
from restoration.models import Run, RunShot
from restoration.vocabularies import WorkState


def segment_path(source: MediaFile, digest: str) -> Path:
    return Path(settings.WORK_DIR) / "segments" / source.sha256[:32] / f"{digest}.mkv"


def attempt_folder(shot: RunShot) -> Path:
    return run_folder(shot.run) / f"shot-{shot.index}-attempt-{shot.attempts}"


def run_folder(run: Run) -> Path:
    """For what is being written, and is worth nothing until it is finished."""
    return Path(settings.WORK_DIR) / "runs" / str(run.pk)


def drop_segments(run: Run) -> None:
    """The master holds every frame of them. What a run still going on counts on is kept."""
    digests = set(run.shots.values_list("segment_digest", flat=True))
    needed = RunShot.objects.filter(segment_digest__in=digests, run__state__in=[WorkState.QUEUED, WorkState.RUNNING],
                                    ).exclude(run=run)
    for digest in digests - set(needed.values_list("segment_digest", flat=True)):
        segment_path(run.version.source, digest).unlink(missing_ok=True)
    shutil.rmtree(run_folder(run), ignore_errors=True)
