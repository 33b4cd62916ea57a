"""What people think of single shots, and what carries over to a version in which a shot came out the same."""

from collections.abc import Iterable

from django.core.exceptions import ValidationError
from django.db.models import Max
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.access import require_role
from archive.actions.catalogue import preferred_title
from archive.models import User
from restoration.access import JUDGES_OF_SHOTS
from restoration.actions import notices
from restoration.actions.certificate import finished_of
from restoration.engine.facts import AnalysisReport, Shot
from restoration.models import RunShot, ShotVerdict, Version
from restoration.vocabularies import AnnotationCategory, ShotJudgement

Finished = dict[int, list[RunShot]]  # By the key of the version.


def judge(version: Version, *, shot: int, verdict: ShotJudgement | str, by: User, category: str = "", words: str = "",
          frame: int | None = None) -> ShotVerdict:
    """Say of one shot that it is good, or a bad case of some category. Said again, the latest counts.

    frame: the master's, that was looked at. Raises ValidationError for a version without a master, a shot that is not
    there, and a bad case without a category.
    """
    require_role(by, JUDGES_OF_SHOTS)
    if version.master_id is None:
        raise ValidationError(_("There is nothing to judge yet: this version has no master."))
    if verdict not in ShotJudgement.values:
        raise ValidationError({"verdict": _("Say whether the shot is good or a bad case.")})
    is_bad = verdict == ShotJudgement.BAD_CASE
    if is_bad and category not in AnnotationCategory.values:
        raise ValidationError({"category": _("Say what is wrong with this shot.")})
    bounds = shot_of(version, shot)
    return ShotVerdict.objects.create(
        version=version, shot=shot, start=bounds.start, end=bounds.end, verdict=verdict, by=by, words=words.strip(),
        category=category if is_bad else "", frame=frame)


def shots_of(version: Version) -> tuple[Shot, ...]:
    """The whole shots of a version's source, as its analysis found them."""
    return AnalysisReport.model_validate(version.analysis.report).shots


def shot_of(version: Version, index: int) -> Shot:
    """One of them. Raises ValidationError where there is none of that index."""
    for shot in shots_of(version):
        if shot.index == index:
            return shot
    raise ValidationError(_("%(version)s has no shot %(number)s."), params={
        "version": str(version), "number": index + 1})


def verdicts(version: Version) -> dict[int, list[ShotVerdict]]:
    """By shot, the latest verdict of each person, the newest first."""
    return verdicts_of([version.pk]).get(version.pk, {})


def verdicts_of(versions: Iterable[int]) -> dict[int, dict[int, list[ShotVerdict]]]:
    """The same of several versions, by their keys; asks once."""
    latest: dict[tuple[int, int, int], ShotVerdict] = {}
    for verdict in ShotVerdict.objects.filter(version__in=list(versions)).select_related(
            "by", "version", "carried_from__version"):
        latest.setdefault((verdict.version_id, verdict.shot, verdict.by_id), verdict)
    found: dict[int, dict[int, list[ShotVerdict]]] = {}
    for verdict in latest.values():
        found.setdefault(verdict.version_id, {}).setdefault(verdict.shot, []).append(verdict)
    return found


def standing(of_one_shot: Iterable[ShotVerdict]) -> str:
    """What a shot is taken for: a bad case as soon as one person says so, good when somebody does, "" before."""
    said = {verdict.verdict for verdict in of_one_shot}
    return next((verdict for verdict in (ShotJudgement.BAD_CASE, ShotJudgement.GOOD) if verdict in said), "")


def changed(version: Version, finished: Finished | None = None) -> set[int]:
    """The shots that came out differently from the version this was derived from; all where it was not derived.
    finished: the shots of both, where they have been fetched."""
    shots = shots_of(version)
    if version.derived_from_id is None:
        return {shot.index for shot in shots}
    finished = finished_of([version.pk, version.derived_from_id]) if finished is None else finished
    before, now = _segments(finished.get(version.derived_from_id, [])), _segments(finished.get(version.pk, []))
    same = {(start, end) for (start, end), digest in now.items() if before.get((start, end)) == digest}
    return {shot.index for shot in shots
            if any(shot.start <= start < shot.end for start, end in now if (start, end) not in same)}


def _segments(finished: Iterable[RunShot]) -> dict[tuple[int, int], str]:
    return {(shot.start, shot.end): shot.segment_digest for shot in finished}


def next_number(version: Version) -> int:
    """What the next version of this asset is going to be called."""
    return 1 + (Version.objects.filter(asset=version.asset_id).aggregate(last=Max("number"))["last"] or 0)


def carry_over(version: Version) -> None:
    """Give the shots that came out as before the verdicts they have there. Done once, when a version can be judged."""
    if version.derived_from is None or version.shot_verdicts.exists():
        return
    others = changed(version)
    ShotVerdict.objects.bulk_create(
        ShotVerdict(version=version, shot=verdict.shot, start=verdict.start, end=verdict.end, verdict=verdict.verdict,
                    category=verdict.category, words=verdict.words, frame=verdict.frame, by=verdict.by,
                    carried_from=verdict)
        for shot, said in verdicts(version.derived_from).items() if shot not in others for verdict in reversed(said))


def tell_answered(version: Version) -> None:
    """Tell whoever marked a bad case in the version before that a version which answers it can be judged."""
    if version.derived_from is None:
        return
    others = changed(version)
    askers = {verdict.by_id: verdict.by for shot, said in verdicts(version.derived_from).items() if shot in others
              for verdict in said if verdict.verdict == ShotJudgement.BAD_CASE}
    notices.tell(askers.values(), gettext_noop("{version} of “{title}” answers the bad cases you marked in {before}."),
                 about=f"{reverse('review', args=[version.pk])}?b={version.derived_from_id}&m=side",
                 version=str(version), title=preferred_title(version.asset), before=str(version.derived_from))
