"""Single shots in the review room: the list beside the player, and what is said of one."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from archive.access import require_role
from restoration.access import JUDGES_OF_SHOTS, RESTORERS, may, version_for
from restoration.actions import shots
from restoration.models import Version
from restoration.shot_reports import bad_cases, reports
from restoration.views.telling import telling
from restoration.vocabularies import AnnotationCategory, ShotJudgement

LONGEST_WORDS = 2000


def listing(request: HttpRequest, pk: int) -> HttpResponse:
    """The list alone, as the room asks for it."""
    return _list(request, version_for(request.user, pk))


@require_POST
def judge(request: HttpRequest, pk: int, shot: int) -> HttpResponse:
    """Good, or a bad case with its category; answers with the list."""
    user = require_role(request.user, JUDGES_OF_SHOTS)
    version = version_for(user, pk)
    said, frame = request.POST, request.POST.get("frame", "")
    is_ours = bool(request.headers.get("HX-Request"))
    with telling(request, in_form=is_ours) as asked:
        shots.judge(version, shot=shot, verdict=said.get("verdict", ""), category=said.get("category", ""), by=user,
                    words=said.get("words", "")[:LONGEST_WORDS],
                    frame=int(frame) if frame.isdecimal() and len(frame) < 12 else None)
    if is_ours:
        return _list(request, version, refusal=asked.refusal)
    return redirect(f"{reverse('review', args=[pk])}?f={frame}" if frame.isdecimal() else reverse("review", args=[pk]))


def _list(request: HttpRequest, version: Version, refusal: str = "") -> HttpResponse:
    return render(request, "restoration/_shots.html", {"version": version, **shot_list(request, version),
                                                       "refusal": refusal})


def shot_list(request: HttpRequest, version: Version) -> dict[str, object]:
    """What the list shows: for a derived version, what differs first and the rest folded away."""
    told = reports(version)
    new = [each for each in told if each.is_new] if version.derived_from_id else told
    same = [each for each in told if not each.is_new] if version.derived_from_id else []
    bad, before = bad_cases(told), version.derived_from
    return {
        "groups": [(_("All shots") if not version.derived_from_id else _("Changed since %(version)s") % {
            "version": version.derived_from}, new, True)] + ([(_("As in %(version)s") % {
                "version": version.derived_from}, same, False)] if same else []),
        "before": before if before and before.pair_reel_key else None, "first_new": new[0] if before and new else None,
        "bad_count": len(bad), "good_count": sum(each.standing == ShotJudgement.GOOD for each in told),
        "unseen_count": sum(not each.standing for each in told), "categories": AnnotationCategory.choices,
        "can_judge_shots": may(request.user, JUDGES_OF_SHOTS) and version.master_id is not None,
        "can_mend": may(request.user, RESTORERS), "first_bad": bad[0] if bad else None,
    }
