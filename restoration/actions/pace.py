"""How far a run is, how fast it goes, and how long it will take."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from restoration.models import Run, RunShot
from restoration.vocabularies import WorkState

WINDOW = timedelta(seconds=60)

Stretch = tuple[datetime, datetime]


@dataclass(frozen=True, slots=True)
class Progress:
    """Frames are source frames. `frames_per_second` is what all workers together did within the last minute; None
    (and so `seconds_left`) while nothing can be said. What follows when all shots are made is not foreseen."""

    phase: str  # "waiting", "planning", "restoring", "joining", "pair reel", "ended"
    shots_done: int
    shots_total: int
    frames_done: int
    frames_total: int
    frames_per_second: float | None
    seconds_left: int | None

    @property
    def fraction(self) -> float:
        return self.frames_done / self.frames_total if self.frames_total else 0.0

    @property
    def has_begun_nothing(self) -> bool:
        return self.phase in ("waiting", "planning", "restoring") and not self.frames_done


def progress(run: Run, *, now: datetime | None = None) -> Progress:
    """One query for the shots, whatever their number."""
    now = now or timezone.now()
    shots = list(run.shots.all())
    done = sum(shot.frames_done for shot in shots)
    rate = frames_per_second(shots, now) if run.state == WorkState.RUNNING else None
    left = round((run.frames_total - done) / rate) if rate and done < run.frames_total else None
    return Progress(
        phase=_phase(run, shots), shots_done=sum(shot.state == WorkState.FINISHED for shot in shots),
        shots_total=len(shots), frames_done=done, frames_total=run.frames_total, frames_per_second=rate,
        seconds_left=left)


def frames_per_second(shots: list[RunShot], now: datetime) -> float | None:
    """Frames made within the last minute over the time in which they were made, all workers together."""
    worked = [(shot.started_at, shot.ended_at or shot.heartbeat_at or now, shot.frames_done) for shot in shots
              if shot.started_at and shot.frames_done and not shot.was_reused]
    recent = [(begun, ended, frames) for begun, ended, frames in worked if ended > now - WINDOW and ended > begun]
    if not recent:
        return None
    opened = max(now - WINDOW, min(begun for begun, _, _ in recent))
    closed = max(ended for _, ended, _ in recent)
    frames = sum(frames * ((ended - max(begun, opened)) / (ended - begun)) for begun, ended, frames in recent)
    seconds = (closed - opened).total_seconds()
    return frames / seconds if seconds > 0 else None


def time_covered(stretches: Iterable[Stretch]) -> timedelta:
    """How long any of these stretches lasted, whatever several of them cover once."""
    covered, until = timedelta(), None
    for begun, ended in sorted(stretches):
        since = begun if until is None else max(begun, until)
        if ended > since:
            covered, until = covered + (ended - since), ended
    return covered


def _phase(run: Run, shots: list[RunShot]) -> str:
    if run.state == WorkState.QUEUED:
        return "waiting"
    if run.state != WorkState.RUNNING:
        return "ended"
    if not shots:
        return "planning"
    if any(shot.state != WorkState.FINISHED for shot in shots):
        return "restoring"
    return "pair reel" if run.version.master_id else "joining"
