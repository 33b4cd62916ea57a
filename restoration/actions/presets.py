"""What was learnt on one recording, kept under a name for the next."""

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _

from archive.access import require_role
from archive.models import User
from restoration.access import RESTORERS
from restoration.engine.settings import PRESETS, parse
from restoration.models import Preset, Version


def learn(version: Version, *, name: str, by: User, shot: tuple[int, int] | None = None,
          description: str = "") -> Preset:
    """Keep a version's settings under a name; those that hold for these source frames, where a shot is given. What was
    drawn by hand belongs to its recording and is left out.

    Raises ValidationError for no name, and one that is taken.
    """
    require_role(by, RESTORERS)
    name = " ".join(name.split())
    if not name:
        raise ValidationError({"name": _("Give it a name.")})
    whole = parse(version.settings)
    settings = (whole.at(*shot) if shot else whole).model_copy(update={"overrides": (), "retouch": ()})
    taken = ValidationError({"name": _("There is a preset “%(name)s” already. Choose another name.") % {"name": name}})
    if name in PRESETS:
        raise taken
    try:
        with transaction.atomic():
            return Preset.objects.create(name=name, description=description.strip(), learnt_on=version, by=by,
                                         settings=settings.model_dump(mode="json"))
    except IntegrityError:
        raise taken from None
