"""The bad cases on the restorer's bench: a queue of them, and one at a time with its sliders and its looks."""

from dataclasses import dataclass
from typing import Any

from django.db.models import QuerySet
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from archive.access import require_role
from archive.models import User
from restoration.access import RESTORERS, version_for
from restoration.actions import looks, overrides, presets, shots
from restoration.actions.looks import Trial
from restoration.engine.facts import AnalysisReport
from restoration.engine.settings import parse
from restoration.masks import Shown
from restoration.models import Look, ShotOverride, ShotVerdict, Version
from restoration.shot_form import ShotForm, matters
from restoration.shot_reports import ShotReport, bad_cases, reports, reports_of
from restoration.views.reels import raster_of, small_raster_of
from restoration.views.telling import telling
from restoration.views.trials import columns_of
from restoration.vocabularies import ShotJudgement


@dataclass(frozen=True)
class Case:
    """A bad case in the queue of its version, and what was settled on for it."""

    report: ShotReport
    kept: ShotOverride | None


@dataclass(frozen=True)
class Waiting:
    """A version with bad cases that no version derived from it has answered."""

    version: Version
    cases: list[Case]

    @property
    def next(self) -> Case:
        """The first that is not settled, else the first."""
        return next((case for case in self.cases if case.kept is None), self.cases[0])

    @property
    def settled(self) -> int:
        return sum(case.kept is not None for case in self.cases)


def queue(request: HttpRequest) -> HttpResponse:
    """The bad cases of all versions that wait for an answer."""
    require_role(request.user, RESTORERS)
    return render(request, "restoration/bad_cases.html", {"waiting": waiting()})


def waiting() -> list[Waiting]:
    """The versions whose bad cases no later version has answered, the newest first."""
    versions = list(_with_bad_cases())
    told, kept = reports_of(versions), overrides.open_of(versions)
    each_one = (Waiting(version, _cases(told[version.pk], kept.get(version.pk, {}))) for version in versions)
    return [each for each in each_one if each.cases]


def _with_bad_cases() -> QuerySet[Version]:
    bad = ShotVerdict.objects.filter(verdict=ShotJudgement.BAD_CASE).values("version")
    return Version.objects.filter(pk__in=bad, derived=None).exclude(pair_reel_key="").select_related(
        "asset", "analysis", "master", "derived_from", "by").prefetch_related("asset__titles").order_by("-pk")


def cases_of(version: Version) -> list[Case]:
    return _cases(reports(version), overrides.open_of([version]).get(version.pk, {}))


def _cases(told: list[ShotReport], kept: dict[int, ShotOverride]) -> list[Case]:
    bad = {each.index for each in bad_cases(told)}
    return [Case(each, kept.get(each.index)) for each in told if each.index in bad or each.index in kept]


def show(request: HttpRequest, pk: int, shot: int) -> HttpResponse:
    """One bad case: its words, frames original and restored, sliders, and the looks that were asked for."""
    user, version, report = _asked(request, pk, shot)
    standing = parse(version.settings).at(report.shot.start, report.shot.end)
    cases = cases_of(version)
    kept = next((case.kept for case in cases if case.report.index == shot), None)
    trial = _begin(version, shot, user, kept)
    begin = looks.settings_of(version, report.shot, trial).at(report.shot.start, report.shot.end)
    form = ShotForm(standing=standing, begin=begin, first=_first(report, standing))
    form.initial["masks"] = _shown(version).polygons(trial.get("retouch") or [])
    return _page(request, version, report, form, user, cases=cases, kept=kept)


def _shown(version: Version) -> Shown:
    return Shown.of(AnalysisReport.model_validate(version.analysis.report).source, parse(version.settings))


def _begin(version: Version, shot: int, user: User, kept: ShotOverride | None) -> Trial:
    """Where the sliders stand: at the last look of this person, else at what was settled on."""
    last = Look.objects.filter(version=version, shot=shot, by=user).first()
    return dict(last.trials[-1]) if last else overrides.trial_of(kept)


def _first(report: ShotReport, standing: Any) -> set[str]:
    return matters(report.shot, standing, report.said.category if report.said else "")


@require_POST
def look(request: HttpRequest, pk: int, shot: int) -> HttpResponse:
    """Ask for a look with the sliders as they stand; answers with the matrix and with what has to be corrected, where
    the page asks for these alone."""
    user, version, report = _asked(request, pk, shot)
    standing = parse(version.settings).at(report.shot.start, report.shot.end)
    form = ShotForm(request.POST, standing=standing, begin=standing, first=_first(report, standing))
    is_ours, refusal = bool(request.headers.get("HX-Request")), ""
    if form.is_valid():
        with telling(request, in_form=is_ours) as asked:
            retouch = _shown(version).retouches(form.cleaned_data["masks"], report.shot)
            looks.queue(version, shot=shot, trials=[{"changes": form.changes, "retouch": retouch}], by=user,
                        frames=frames_of(request, version, report))
        refusal = asked.refusal
    elif not is_ours:
        return _page(request, version, report, form, user, status=422)
    if is_ours:
        return render(request, "restoration/_look_asked.html", {
            **_seen(version, report, user), "refusal": refusal, "wrong": form.wrong()})
    return redirect("bad-case", pk, shot)


def matrix(request: HttpRequest, pk: int, shot: int) -> HttpResponse:
    """The pictures alone, as they come."""
    user, version, report = _asked(request, pk, shot)
    return render(request, "restoration/_looks.html", _seen(version, report, user))


@require_POST
def take(request: HttpRequest, pk: int, shot: int) -> HttpResponse:
    """Settle on one trial of a look."""
    user, version, _report = _asked(request, pk, shot)
    chosen, trial = request.POST.get("look", ""), request.POST.get("trial", "")
    seen = Look.objects.filter(version=version, shot=shot, pk=int(chosen)).first() if chosen.isdecimal() else None
    if seen is None or not trial.isdecimal() or int(trial) >= len(seen.trials):
        raise Http404
    with telling(request, _("Kept for shot %(number)s. Go on with the next case, or derive the version.") % {
            "number": shot + 1}):
        overrides.keep(version, shot=shot, trial=seen.trials[int(trial)], by=user)
    return redirect("bad-case", pk, shot)


@require_POST
def drop(request: HttpRequest, pk: int, shot: int) -> HttpResponse:
    user, version, _report = _asked(request, pk, shot)
    overrides.drop(version, shot=shot, by=user)
    return redirect("bad-case", pk, shot)


@require_POST
def learn(request: HttpRequest, pk: int, shot: int) -> HttpResponse:
    """Keep what holds for this shot as a preset."""
    user, version, report = _asked(request, pk, shot)
    name = request.POST.get("name", "")[:100]
    with telling(request, _("Kept as the preset “%(name)s”; it is offered for the next proposal.") % {"name": name}):
        presets.learn(version, name=name, by=user, shot=(report.shot.start, report.shot.end))
    return redirect("bad-case", pk, shot)


@require_POST
def derive(request: HttpRequest, pk: int) -> HttpResponse:
    """The next version, with all that was settled on; on to the run that makes it."""
    user = require_role(request.user, RESTORERS)
    version = version_for(user, pk, to_change=True)
    derived = None
    with telling(request):
        derived = overrides.derive(version, by=user, note=request.POST.get("note", "")[:2000])
    if derived is None:
        return redirect("bad-cases")
    return redirect("run", derived.runs.get().pk)


def _asked(request: HttpRequest, pk: int, shot: int) -> tuple[User, Version, ShotReport]:
    user = require_role(request.user, RESTORERS)
    version = version_for(user, pk, to_change=True)
    report = next((each for each in reports(version) if each.index == shot), None) if version.master else None
    if report is None:
        raise Http404
    return user, version, report


def frames_of(request: HttpRequest, version: Version, report: ShotReport) -> list[int]:
    """The master's frames to look at: those asked for, else the one that was marked and two of its shot."""
    own = looks.frames_of(version, report.shot)
    asked = [int(frame) for frame in request.POST.getlist("frames") if frame.isdecimal() and len(frame) < 12]
    return asked or frames_to_see(own, report)


def frames_to_see(own: range, report: ShotReport) -> list[int]:
    marked = own.start + report.middle - report.start
    others = [frame for frame in looks.spread(own, looks.FRAMES) if frame != marked]
    farthest = sorted(others, key=lambda frame: -abs(frame - marked))[:looks.FRAMES - 1]
    return sorted({marked, *farthest})


def _seen(version: Version, report: ShotReport, user: User) -> dict[str, Any]:
    frames = frames_to_see(looks.frames_of(version, report.shot), report)
    kept = overrides.open_ones(version).filter(shot=report.index).first()
    columns = columns_of(version, report, frames, kept)
    ongoing = any(column.is_ongoing for column in columns)
    return {"version": version, "report": report, "columns": columns, "is_under_way": ongoing, "frames": frames,
            "raster": raster_of(version), "small": small_raster_of(version)}


def _page(request: HttpRequest, version: Version, report: ShotReport, form: ShotForm, user: User, *, status: int = 200,
          cases: list[Case] | None = None, kept: ShotOverride | None = None) -> HttpResponse:
    cases = cases_of(version) if cases is None else cases
    first, rest = form.grouped()
    others = [case for case in cases if case.report.index != report.index and case.kept is None]
    return render(request, "restoration/bad_case.html", {
        **_seen(version, report, user), "asset": version.asset, "form": form, "wrong": form.wrong(), "first": first,
        "rest": rest, "cases": cases, "kept": kept, "next_case": others[0] if others else None,
        "settled": [case for case in cases if case.kept], "next_number": shots.next_number(version),
    }, status=status)
