"""What a look shows: a column for the original, one for the version, and one for each trial that was looked at."""

from dataclasses import dataclass
from typing import Any

from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.shortcuts import redirect
from django.urls import reverse
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_POST

from archive.access import require_role
from archive.ranges import serve_file
from archive.storage import derivative_path
from restoration.access import RESTORERS, look_for
from restoration.actions import looks
from restoration.actions.looks import Trial
from restoration.models import Look, ShotOverride, Version
from restoration.setting_fields import value_at
from restoration.shot_form import adjustable, titled
from restoration.shot_reports import ShotReport
from restoration.views.telling import telling
from restoration.vocabularies import WorkState

MOST_COLUMNS = 3


@dataclass(frozen=True)
class Picture:
    """One frame in one column; without an address it is not there yet. exact: at the master's raster."""

    frame: int
    timecode: str
    small: str = ""
    exact: str = ""


@dataclass(frozen=True)
class Difference:
    title: str
    before: str = ""
    after: str = ""


@dataclass(frozen=True)
class Column:
    """title: for people; differences: from the version's settings for the shot; look, trial: what “take” names."""

    title: str
    pictures: tuple[Picture, ...]
    differences: tuple[Difference, ...] = ()
    look: Look | None = None
    trial: int = 0
    is_kept: bool = False

    @property
    def is_ongoing(self) -> bool:
        return self.look is not None and self.look.state in looks.ONGOING

    @property
    def is_finished(self) -> bool:
        return self.look is not None and self.look.state == WorkState.FINISHED


def columns_of(version: Version, report: ShotReport, frames: list[int], kept: ShotOverride | None) -> list[Column]:
    """The latest looks beside the original and the version, at these frames of the master."""
    seen = list(Look.objects.filter(version=version, shot=report.index).exclude(state=WorkState.CANCELLED)[
        :MOST_COLUMNS])
    trials = [(each, trial) for each in reversed(seen) for trial in range(len(each.trials))]
    return [_as_held(gettext("Original"), version, report, frames, "a"),
            _as_held(str(version), version, report, frames, "b"),
            *(_looked(version, report, look, trial, number, frames, kept)
              for number, (look, trial) in enumerate(trials, start=1))]


def _as_held(title: str, version: Version, report: ShotReport, frames: list[int], side: str) -> Column:
    def picture(frame: int) -> Picture:
        number = _in_reel(version, report, frame)
        address = f"{reverse('still', args=[version.pk, number])}?side={side}"
        return Picture(frame, report.label(number), f"{address}&small", address)

    return Column(title, tuple(picture(frame) for frame in frames))


def _looked(version: Version, report: ShotReport, look: Look, trial: int, number: int, frames: list[int],
            kept: ShotOverride | None) -> Column:
    def picture(frame: int) -> Picture:
        label = report.label(_in_reel(version, report, frame))
        if [trial, frame] not in look.pictures:
            return Picture(frame, label)
        address = reverse("look-picture", args=[look.pk, trial, frame])
        return Picture(frame, label, address, address)

    asked = look.trials[trial]
    is_kept = kept is not None and (kept.changes, kept.retouch) == (asked.get("changes"), asked.get("retouch", []))
    return Column(gettext("Look %(number)s") % {"number": number}, tuple(picture(frame) for frame in frames),
                  differences(version, report, asked), look, trial, is_kept)


def differences(version: Version, report: ShotReport, trial: Trial) -> tuple[Difference, ...]:
    """What a trial changes, in words."""
    def at(changes: dict[str, Any]) -> Any:
        return looks.settings_of(version, report.shot, {"changes": changes}).at(report.shot.start, report.shot.end)

    before, after = at({}), at(trial.get("changes") or {})
    masks = len(trial.get("retouch") or [])
    drawn = [Difference(ngettext("%(count)s mask filled", "%(count)s masks filled", masks) % {"count": masks})]
    titles = titled()
    return tuple(drawn if masks else []) + tuple(
        Difference(titles[setting.path], setting.words(value_at(before, setting.path)),
                   setting.words(value_at(after, setting.path)))
        for section in adjustable() for setting in section.settings
        if value_at(before, setting.path) != value_at(after, setting.path))


def _in_reel(version: Version, report: ShotReport, frame: int) -> int:
    """A frame of the master, counted from the source's first, as the pair reel counts it."""
    return frame - looks.frames_of(version, report.shot).start + report.start


def picture(request: HttpRequest, pk: int, trial: int, frame: int) -> HttpResponseBase:
    look = look_for(request.user, pk)
    key = looks.picture_key(look, trial, frame)
    return serve_file(request, derivative_path(key), media_type="image/png", etag=f"look-{look.pk}-{trial}-{frame}")


@require_POST
def cancel(request: HttpRequest, pk: int) -> HttpResponseBase:
    user = require_role(request.user, RESTORERS)
    look = look_for(user, pk)
    with telling(request):
        looks.cancel(look, by=user)
    return redirect("looks" if request.headers.get("HX-Request") else "bad-case", look.version_id, look.shot)
