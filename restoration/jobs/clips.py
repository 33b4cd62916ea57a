"""A before/after clip, from the source and the master themselves; for two eyes, from the master alone."""

import shutil
from pathlib import Path
from typing import TYPE_CHECKING, cast

from django.conf import settings as site
from django.utils.translation import gettext_noop

from archive.models import MediaFile
from archive.storage import derivative_path, holding_path, path_of_key, place
from restoration.actions import clips
from restoration.actions.failing import explain
from restoration.engine.errors import SourceError
from restoration.jobs.pulse import Pulse, carry_out, file_digest, worker_name
from restoration.jobs.restoring import promise, refuse_changed_source
from restoration.models import BeforeAfterClip
from restoration.vocabularies import ClipStyle

if TYPE_CHECKING:
    from restoration.engine.encoding.renditions import RenditionFacts


def make_clip(pk: int) -> None:
    """Make it in a folder of this attempt alone, and keep it."""
    clip = clips.claim(pk, worker=worker_name())
    if clip is None:
        return
    folder = path_of_key(site.WORK_DIR, f"clips/{clip.pk}-attempt-{clip.attempts}")

    def work(pulse: Pulse) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            _make(clip, folder / "clip.mp4", pulse)
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    carry_out(work, beat=lambda pulse: clips.beat(clip, pulse.latest.done if pulse.latest else 0),
              interrupted=lambda: clips.give_back(clip),
              failed=lambda error: clips.fail(clip, explain(error, during=str(clip), about=clip.version.source)))


def _make(clip: BeforeAfterClip, made: Path, pulse: Pulse) -> None:
    version = clip.version
    if version.master is None:
        raise RuntimeError(f"{version} has no master")
    if not holding_path(version.master).exists():
        raise SourceError(gettext_noop("The master {name} is missing. Check its fixity and bring it back."),
                          name=version.master.name)
    facts = (_for_two_eyes if clip.style == ClipStyle.STEREO else _before_and_after)(clip, version.master, made, pulse)
    sha256 = file_digest(made)
    key = f"clips/{clip.pk}/{sha256[:16]}.mp4"
    clips.finish(clip, key=key, put_in_place=lambda: _put(made, key), sha256=sha256, size_bytes=made.stat().st_size,
                 master_sha256=version.master.sha256, facts=facts.model_dump(mode="json"))


def _before_and_after(clip: BeforeAfterClip, master: MediaFile, made: Path, pulse: Pulse) -> "RenditionFacts":
    from restoration.engine.encoding import before_after

    version = clip.version
    refuse_changed_source(version.source, is_cancelled=pulse.is_cancelled)
    report, settings = promise(version)
    first = int((version.pair_reel or {}).get("first_frame", 0))
    return before_after.render(
        holding_path(version.source), holding_path(master), made, facts=report.source, settings=settings,
        style=cast(before_after.Style, clip.style), span=before_after.Span(clip.start, clip.end, first),
        captions=clips.captions_of(clip), report=pulse.report, is_cancelled=pulse.is_cancelled)


def _for_two_eyes(clip: BeforeAfterClip, master: MediaFile, made: Path, pulse: Pulse) -> "RenditionFacts":
    """Of the master alone: what it was made from has no part in it."""
    from restoration.engine.encoding import renditions, side_by_side
    from restoration.engine.media.inspect import inspect

    path = holding_path(master)
    side_by_side.render(path, made, facts=inspect(path), start=clip.start, end=clip.end, report=pulse.report,
                        is_cancelled=pulse.is_cancelled)
    return renditions.read_facts(made)


def _put(made: Path, key: str) -> None:
    place(made, derivative_path(key))
