"""What restorers settle on for single shots, until a version is derived with all of it."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import QuerySet
from django.utils.translation import gettext as _

from archive.access import require_role
from archive.models import User
from restoration.access import RESTORERS
from restoration.actions import versions
from restoration.actions.looks import Trial, settings_of
from restoration.actions.shots import shot_of
from restoration.engine.settings import Override, Retouch
from restoration.models import ShotOverride, Version


def keep(version: Version, *, shot: int, trial: Trial, by: User) -> ShotOverride:
    """Settle on a trial for a shot, in place of what was settled on before. Raises SettingsError, ValidationError."""
    require_role(by, RESTORERS)
    bounds = shot_of(version, shot)
    settings_of(version, bounds, trial)
    if not trial.get("changes") and not trial.get("retouch"):
        raise ValidationError(_("Nothing differs from %(version)s yet. Move a slider first."),
                              params={"version": str(version)})
    kept, _made = ShotOverride.objects.update_or_create(
        version=version, shot=shot, derived_as=None,
        defaults={"start": bounds.start, "end": bounds.end, "by": by, "changes": trial.get("changes") or {},
                  "retouch": trial.get("retouch") or []})
    return kept


def drop(version: Version, *, shot: int, by: User) -> None:
    """Leave a shot as it is in the version after all."""
    require_role(by, RESTORERS)
    open_ones(version).filter(shot=shot).delete()


def open_ones(version: Version) -> QuerySet[ShotOverride]:
    return ShotOverride.objects.filter(version=version, derived_as=None).select_related("by")


def open_of(versions: Iterable[Version]) -> dict[int, dict[int, ShotOverride]]:
    """Those of several versions, by version and shot; asks once."""
    found: dict[int, dict[int, ShotOverride]] = {}
    for each in ShotOverride.objects.filter(version__in=list(versions), derived_as=None).select_related("by"):
        found.setdefault(each.version_id, {})[each.shot] = each
    return found


def derive(version: Version, *, by: User, note: str = "") -> Version:
    """The next version, with all that was settled on. Raises what `versions.derive` raises."""
    require_role(by, RESTORERS)
    with transaction.atomic():
        kept = list(open_ones(version).select_for_update(of=("self",)))
        derived = versions.derive(version, by=by, note=note, overrides=[
            Override(start=each.start, end=each.end, changes=each.changes) for each in kept], retouch=[
            Retouch.model_validate(mask) for each in kept for mask in each.retouch])
        ShotOverride.objects.filter(pk__in=[each.pk for each in kept]).update(derived_as=derived)
    return derived


def trial_of(kept: ShotOverride | None) -> dict[str, Any]:
    """What was settled on, as a trial."""
    return {"changes": kept.changes, "retouch": kept.retouch} if kept else {"changes": {}, "retouch": []}
