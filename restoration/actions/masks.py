"""What the repairs changed stays to be seen: the masks of a shot outlive the segment they came with."""

from pathlib import Path

from archive.models import MediaFile
from archive.storage import derivative_path, place
from restoration.models import RunShot, Version
from restoration.vocabularies import WorkState

KIND = "changes"


def masks_path(source: MediaFile, digest: str) -> Path:
    """Where the masks of the segment of this digest are kept. Versions that share a segment share its masks."""
    return derivative_path(f"{KIND}/{source.sha256[:32]}/{digest}.zip")


def keep_masks(source: MediaFile, digest: str, made: Path) -> None:
    """Take what lies beside a segment before that goes."""
    if made.exists():
        place(made, masks_path(source, digest))


def shot_at(version: Version, source_frame: int) -> RunShot | None:
    """The newest finished shot of a version that holds this frame of its source."""
    return RunShot.objects.filter(
        run__version=version, state=WorkState.FINISHED, start__lte=source_frame, end__gt=source_frame,
    ).order_by("-run__number").first()
