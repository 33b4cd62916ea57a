"""Blind trials: open one, vote once, close it, and only then learn which was which."""

import hashlib
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils import timezone
from django.utils.translation import gettext as _

from archive.access import STAFF, require_role
from archive.models import User
from restoration.access import JUDGES_OF_SHOTS
from restoration.models import Analysis, BlindTrial, BlindVote, Version
from restoration.vocabularies import Preference

MOST_FRAMES = 6


@dataclass(frozen=True, slots=True)
class Result:
    """How many preferred the one, the other, and neither."""

    first: int
    second: int
    neither: int


def open_trial(first: Version, second: Version, *, question: str, frames: Sequence[int], by: User) -> BlindTrial:
    """Let colleagues choose between two versions of the same recording. Raises ValidationError with a sentence."""
    require_role(by, JUDGES_OF_SHOTS)
    if first.pk == second.pk or not have_one_grid(first, second):
        raise ValidationError(_("Choose two versions of the same recording whose reels have the same frames."))
    length = int((first.pair_reel or {}).get("frames", 0))
    chosen = sorted(set(frames))
    if not 1 <= len(chosen) <= MOST_FRAMES or not all(0 <= frame < length for frame in chosen):
        raise ValidationError({"frames": _("Choose up to %(most)s frames from 0 to %(last)s.") % {
            "most": MOST_FRAMES, "last": length - 1}})
    if not question.strip():
        raise ValidationError({"question": _("Say what is to be judged, such as: whose faces look alive?")})
    return BlindTrial.objects.create(first=first, second=second, question=question.strip(), frames=chosen, by=by)


def have_one_grid(one: Version, other: Version) -> bool:
    """Whether frame for frame they show the same moments of the same recording, the same way up."""
    return bool(comparable_with(one, [other]))


def comparable_with(version: Version, others: Sequence[Version]) -> list[Version]:
    """Of these versions those that frame for frame show the same moments of the same recording, the same way up."""
    shown = [other for other in others if _is_of_the_same_frames(version, other)]
    asked = Analysis.objects.filter(pk__in={each.analysis_id for each in (version, *shown)})
    # What was inspected before recordings of turned cameras were turned says nothing of it.
    turns = {pk: (turned or 0, bool(is_mirrored)) for pk, turned, is_mirrored in asked.values_list(
        "pk", "report__source__turned", "report__source__is_mirrored")}
    return [other for other in shown if turns[other.analysis_id] == turns[version.analysis_id]]


def _is_of_the_same_frames(one: Version, other: Version) -> bool:
    first, second = (version.pair_reel or {} for version in (one, other))
    return bool(first) and one.source_id == other.source_id and all(
        first.get(name) == second.get(name) for name in ("rate", "frames", "frame_map", "first_frame"))


def seen_by(trial: BlindTrial, voter: User) -> tuple[Version, Version]:
    """The versions as this person sees them, left and right: always the same for them, by chance for each."""
    is_turned = hashlib.sha256(f"{trial.seed} {voter.pk}".encode()).digest()[0] % 2
    return (trial.second, trial.first) if is_turned else (trial.first, trial.second)


def vote(trial: BlindTrial, *, by: User, preference: Preference | str, words: str = "") -> BlindVote:
    """Raises ValidationError with a sentence when the trial is closed, or this person has voted."""
    require_role(by, STAFF)
    if preference not in Preference.values:
        raise ValidationError({"preference": _("Choose left, right, or no difference.")})
    left, right = seen_by(trial, by)
    chosen = {Preference.LEFT: left, Preference.RIGHT: right}.get(Preference(preference))
    with transaction.atomic():
        if BlindTrial.objects.select_for_update(of=("self",)).get(pk=trial.pk).closed_at:
            raise ValidationError(_("This trial is closed."))
        try:
            with transaction.atomic():
                return BlindVote.objects.create(trial=trial, voter=by, preference=preference, preferred=chosen,
                                                left=left, words=words.strip())
        except IntegrityError:
            raise ValidationError(_("You have voted already.")) from None


def close(trial: BlindTrial, *, by: User) -> None:
    """End the vote; from now on everybody sees the result."""
    require_role(by, JUDGES_OF_SHOTS)
    if not BlindTrial.objects.filter(pk=trial.pk, closed_at=None).update(closed_at=timezone.now()):
        raise ValidationError(_("This trial is closed."))
    trial.refresh_from_db()


def result_of(trial: BlindTrial) -> Result | None:
    """None until it is closed: who votes late must not know how others voted."""
    if trial.closed_at is None:
        return None
    votes = Counter(vote.preferred_id for vote in trial.votes.all())
    return Result(votes[trial.first_id], votes[trial.second_id], votes[None])
