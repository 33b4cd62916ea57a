"""What is known of each shot of a version, side by side: how faithful it is, what was changed, what is left, and what
people think of it. Frames are the pair reel's."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import dataclass

from django.utils.translation import gettext as _

from restoration.actions import shots
from restoration.actions.certificate import Certificate, certificate_of, finished_of, parts_of
from restoration.engine.defects import ANYONE, DEFECTS
from restoration.engine.errors import SettingsError
from restoration.engine.facts import Shot
from restoration.engine.moments import Moments
from restoration.engine.settings import Settings, parse
from restoration.models import Annotation, RunShot, ShotVerdict, Version
from restoration.reel_time import ReelTime
from restoration.vocabularies import ShotJudgement


@dataclass(frozen=True)
class ShotReport:
    """One shot. changed: share of the picture that local repairs changed, None where nothing was written down; left:
    names of defects that anyone sees and nothing mends, backed_off: frames a repair left alone; noted: where the
    first open note begins; standing: "good", "bad_case" or ""; is_new: whether it differs from the version before;
    answers: the bad case there that a new one answers."""

    shot: Shot
    start: int
    end: int
    timecode: str
    certificate: Certificate | None
    changed: float | None
    left: tuple[str, ...]
    backed_off: int
    notes: int
    noted: int | None
    verdicts: tuple[ShotVerdict, ...]
    standing: str
    is_new: bool
    answers: ShotVerdict | None
    time: ReelTime

    def label(self, frame: int) -> str:
        """The timecode of a frame of the reel."""
        return self.time.label(frame)

    @property
    def number(self) -> int:
        return self.shot.index + 1

    @property
    def index(self) -> int:
        return self.shot.index

    @property
    def middle(self) -> int:
        """The frame to show for it: where it was marked, else where an open note begins, else its middle."""
        marked = next((verdict.frame for verdict in self.verdicts if verdict.frame is not None), self.noted)
        return marked if marked is not None and self.start <= marked < self.end else (self.start + self.end) // 2

    @property
    def shown_at(self) -> str:
        """The timecode of that frame."""
        return self.label(self.middle)

    @property
    def standing_in_words(self) -> str:
        if self.standing == ShotJudgement.BAD_CASE and self.said:
            return f"{_('Bad case')} · {self.said.get_category_display()}"
        return _("Good") if self.standing == ShotJudgement.GOOD else _("not looked at")

    @property
    def said(self) -> ShotVerdict | None:
        """The verdict that its standing comes from."""
        return next((verdict for verdict in self.verdicts if verdict.verdict == self.standing), None)

    @property
    def is_carried(self) -> bool:
        return bool(self.said and self.said.carried_from_id)

    @property
    def defects_left(self) -> int:
        return len(self.left) + bool(self.backed_off)


def reports(version: Version) -> list[ShotReport]:
    """Of every shot that the version's pair reel shows, in order."""
    return reports_of([version])[version.pk]


def reports_of(versions: Sequence[Version]) -> dict[int, list[ShotReport]]:
    """The same of several versions, by their keys; as many questions to the database as for one."""
    keys = [version.pk for version in versions]
    with_parents = {*keys, *(version.derived_from_id for version in versions if version.derived_from_id)}
    finished, said, remarks = finished_of(with_parents), shots.verdicts_of(with_parents), _open_remarks(keys)
    return {version.pk: _reports(version, finished, said.get(version.pk, {}), remarks[version.pk],
                                 said.get(version.derived_from_id or 0, {})) for version in versions}


def _open_remarks(versions: Sequence[int]) -> dict[int, list[tuple[int, int]]]:
    """The frames of the notes that nobody has resolved, by version."""
    found: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for version, start, end in Annotation.objects.filter(
            version__in=versions, withdrawn_at=None, resolved_at=None).values_list("version", "start", "end"):
        found[version].append((start, end))
    return found


def _reports(version: Version, finished: shots.Finished, said: dict[int, list[ShotVerdict]],
             remarks: Sequence[tuple[int, int]], before: dict[int, list[ShotVerdict]]) -> list[ShotReport]:
    time, reel = ReelTime.of(version), version.pair_reel or {}
    moments = Moments.mapped(reel.get("frame_map", "identity"))
    first = moments.first(int(reel.get("first_frame", 0)))
    whole = shots.shots_of(version)
    made, new = parts_of(finished.get(version.pk, []), whole), shots.changed(version, finished)
    settings = _settings(version)
    told = []
    for shot in whole:
        own = moments.owned(shot.start, shot.end)
        start, end = max(0, own.start - first), min(time.frames, own.stop - first)
        if start >= end:
            continue
        parts, verdicts = made.get(shot.index, []), said.get(shot.index, [])
        is_new = version.derived_from_id is not None and shot.index in new
        told.append(ShotReport(
            shot, start, end, time.label(start), certificate_of(parts, (shot,)), _changed(parts), _left(shot, settings),
            sum(len(change.get("backed_off", ())) for part in parts for change in part.changes),
            len(noted := [max(low, start) for low, high in remarks if low < end and start < high]),
            min(noted, default=None), tuple(verdicts), shots.standing(verdicts),
            is_new, _bad(before.get(shot.index, [])) if is_new else None, time))
    return told


def _bad(verdicts: Sequence[ShotVerdict]) -> ShotVerdict | None:
    return next((verdict for verdict in verdicts if verdict.verdict == ShotJudgement.BAD_CASE), None)


def bad_cases(told: Sequence[ShotReport]) -> list[ShotReport]:
    return [each for each in told if each.standing == ShotJudgement.BAD_CASE]


def _changed(parts: Sequence[RunShot]) -> float | None:
    """What repairs of places changed, whole frames of noise and fields apart."""
    local = {scale.repair for scale in DEFECTS.values() if scale.is_local} | {"retouch"}
    frames = sum(part.end - part.start for part in parts)
    if not any(part.changes for part in parts):
        return None
    return sum(change["share"] * (part.end - part.start) for part in parts for change in part.changes
               if change["repair"] in local) / frames


def _left(shot: Shot, settings: Settings | None) -> tuple[str, ...]:
    """Defects of the source that anyone sees, and that these settings do nothing about."""
    here = settings.at(shot.start, shot.end) if settings else None
    return tuple(defect.name for defect in shot.defects if defect.severity >= ANYONE and defect.name in DEFECTS
                 and not _is_mended(DEFECTS[defect.name].repair, here))


def _is_mended(repair: str, settings: Settings | None) -> bool:
    return bool(repair and settings and not getattr(settings, repair).is_off)


def _settings(version: Version) -> Settings | None:
    try:
        return parse(version.settings)
    except SettingsError:
        return None
