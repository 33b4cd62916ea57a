"""Where segments lie while a master is being made, and when they go."""

import logging
import shutil
import time
from collections.abc import Iterable, Iterator
from datetime import timedelta
from pathlib import Path

from django.conf import settings
from django.db.models import F, IntegerField, Q
from django.db.models.fields.json import KeyTextTransform
from django.db.models.functions import Cast
from django.utils import timezone

from archive.models import MediaFile
from archive.storage import holding_path
from restoration.actions.masks import keep_masks
from restoration.models import BeforeAfterClip, Delivery, Run, RunShot
from restoration.vocabularies import DeliveryState, WorkState

log = logging.getLogger(__name__)

LIVE = (WorkState.QUEUED, WorkState.RUNNING)
# How long the finished shots of a run that failed or was cancelled wait for somebody to resume it.
KEPT = timedelta(days=30)
# Whatever was written lately may belong to a row that is just being changed.
UNTOUCHED = timedelta(days=1)


def segment_path(source: MediaFile, digest: str) -> Path:
    return Path(settings.WORK_DIR) / "segments" / source.sha256[:32] / f"{digest}.mkv"


def changes_path(segment: Path) -> Path:
    """Beside a segment: the masks of what was changed to make it. They are kept when the master holds its frames, else
    they go with it."""
    return segment.with_suffix(".changes.zip")


def attempt_folder(shot: RunShot) -> Path:
    return run_folder(shot.run) / f"shot-{shot.index}-attempt-{shot.attempts}"


def run_folder(run: Run) -> Path:
    """For what is being written, and is worth nothing until it is finished."""
    return Path(settings.WORK_DIR) / "runs" / str(run.pk)


def held_shots(source: MediaFile, digests: Iterable[str]) -> dict[str, RunShot]:
    """Those of these segments whose frames lie in a master that is held, by digest: the shots that say so."""
    joined_by = Cast(KeyTextTransform("run", "run__version__report"), IntegerField())
    shots = RunShot.objects.filter(
        state=WorkState.FINISHED, segment_digest__in=list(digests), run__version__source=source,
        run__version__master__isnull=False).annotate(joined_by=joined_by).filter(
        run__number=F("joined_by")).select_related("run__version__master").defer("run__version__report")
    whole = {shot.run.version_id for shot in shots if is_whole(shot.run.version.master)}
    return {shot.segment_digest: shot for shot in shots if shot.run.version_id in whole}


def is_whole(master: MediaFile | None) -> bool:
    """Whether a master lies where it should, as long as it should be."""
    path = holding_path(master) if master else None
    return bool(master and path and path.exists() and path.stat().st_size == master.size_bytes)


def drop_segments(run: Run) -> None:
    """The master holds every frame of them; their masks are kept. What a run still going on counts on is kept."""
    digests = set(run.shots.values_list("segment_digest", flat=True))
    needed = RunShot.objects.filter(segment_digest__in=digests, run__state__in=LIVE).exclude(run=run)
    for digest in digests - set(needed.values_list("segment_digest", flat=True)):
        segment = segment_path(run.version.source, digest)
        keep_masks(run.version.source, digest, changes_path(segment))
        segment.unlink(missing_ok=True)
    shutil.rmtree(run_folder(run), ignore_errors=True)


def sweep() -> int:
    """Remove what nobody will come back for: segments of masters that are held, of runs that ended long ago, and what
    lost workers had half written. How many files and folders that were."""
    work = Path(settings.WORK_DIR)
    swept = 0
    for path in [*_idle(work / "segments", "*/*.*", _awaited_digests()), *_idle(work / "runs", "*", _live_runs()),
                 *_idle(work / "deliveries", "*", _live_packages()), *_idle(work / "clips", "*", _live_clips())]:
        if path.is_dir():
            shutil.rmtree(path, ignore_errors=True)
        else:
            path.unlink(missing_ok=True)
        swept += 1
    if swept:
        log.info("%s leftovers swept from %s", swept, work)
    return swept


def _idle(folder: Path, pattern: str, needed: set[str]) -> Iterator[Path]:
    oldest = time.time() - UNTOUCHED.total_seconds()
    for path in folder.glob(pattern):
        if path.name.partition("-attempt-")[0].partition(".")[0] not in needed and path.stat().st_mtime < oldest:
            yield path


def _awaited_digests() -> set[str]:
    awaited = Q(run__state__in=LIVE) | Q(run__version__master=None, run__ended_at__gt=timezone.now() - KEPT)
    return set(RunShot.objects.filter(awaited).values_list("segment_digest", flat=True))


def _live_runs() -> set[str]:
    busy = Q(state__in=LIVE) | Q(shots__state=WorkState.RUNNING)
    return {str(pk) for pk in Run.objects.filter(busy).values_list("pk", flat=True)}


def _live_clips() -> set[str]:
    return {str(pk) for pk in BeforeAfterClip.objects.filter(state=WorkState.RUNNING).values_list("pk", flat=True)}


def _live_packages() -> set[str]:
    return {str(pk) for pk in Delivery.objects.filter(state=DeliveryState.PACKAGING).values_list("pk", flat=True)}
