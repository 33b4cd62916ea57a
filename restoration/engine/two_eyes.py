"""A stretch of one shot for two eyes, as the shell asks for it: nobody has told yet where the source's shots lie."""

from itertools import pairwise
from pathlib import Path

import torch

from restoration.engine.analysis.shots import SETTLED_AFTER, ShotFinder
from restoration.engine.compute import sketches
from restoration.engine.encoding import side_by_side
from restoration.engine.errors import SettingsError, gettext_noop
from restoration.engine.facts import SourceFacts
from restoration.engine.media.inspect import inspect
from restoration.engine.media.reader import read
from restoration.engine.progress import IsCancelled, Progress, Report, check, ignore, never

_MOST_NAMED = 6  # Shots in one sentence.


def render(source: Path, target: Path, *, start: int, end: int, report: Report = ignore,
           is_cancelled: IsCancelled = never) -> int:
    """`side_by_side.render` of source frames start..end-1, once they are known to be of one shot.

    Raises SettingsError as it does, for a target that is no .mp4 file or has no folder, and for frames of several
    shots; SourceError; DiskFullError; Cancelled.
    """
    _refuse_impossible_target(target)
    facts = inspect(source)
    side_by_side.refuse(source, facts, start, end)
    shots = _shots_within(source, facts, start, end, report, is_cancelled)
    if len(shots) > 1:
        named = ", ".join(f"{first}:{last}" for first, last in shots[:_MOST_NAMED])
        raise SettingsError(gettext_noop("The frames {start}:{end} of “{name}” are of several shots, and layers are "
                                         "told within one. Choose frames of one shot: {shots}."),
                            start=start, end=end, name=source.name,
                            shots=named + (" …" if len(shots) > _MOST_NAMED else ""))
    return side_by_side.render(source, target, facts=facts, start=start, end=end, report=report,
                               is_cancelled=is_cancelled)


def _refuse_impossible_target(target: Path) -> None:
    if target.suffix.lower() != ".mp4":
        raise SettingsError(gettext_noop("A clip for two eyes is an MP4 file: let the name “{name}” end in .mp4."),
                            name=target.name)
    if not target.parent.is_dir():
        raise SettingsError(gettext_noop("There is no folder “{folder}” to put the clip in."),
                            folder=str(target.parent))


@torch.inference_mode()
def _shots_within(source: Path, facts: SourceFacts, start: int, end: int, report: Report,
                  is_cancelled: IsCancelled) -> list[tuple[int, int]]:
    """The parts of start..end-1 that are of one shot each, half open, as the analysis tells shots: by these frames and
    as many around them as it waits for."""
    low, high = max(0, start - SETTLED_AFTER), min(facts.frames, end + SETTLED_AFTER)
    finder = ShotFinder()
    for done, frame in enumerate(read(source, facts, low, high), start=1):
        check(is_cancelled)
        finder.push(sketches.of_frame(frame))
        report(Progress("analyse", done, high - low))
    cuts = [low + shot.start for shot in finder.finish()]
    return list(pairwise([start, *(cut for cut in cuts if start < cut < end), end]))
