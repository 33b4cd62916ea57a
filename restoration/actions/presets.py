"""What was learnt on one recording, kept under a name for the next; and the preset that needs a network of others."""

from dataclasses import dataclass
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.access import require_role
from archive.models import User
from restoration.access import RESTORERS
from restoration.actions import weights
from restoration.engine.facts import AnalysisReport
from restoration.engine.fitting import fitted
from restoration.engine.networks.brought import NOT_INSTALLED, is_able
from restoration.engine.settings import PRESETS, Settings, parse
from restoration.models import Preset, Version, Weights

NATURAL = "natural"
NAMES = (*PRESETS, NATURAL)
SHARE = 0.3  # Of the middle band: 0.2 to 0.4 looks natural.
_TALLEST = 1080  # Lines of a source that is enlarged to twice as many where the analysis leaves it at its size.


@dataclass(frozen=True)
class Natural:
    """The recommended settings with a share of a network of others; without settings it cannot be had, and `missing`,
    with `values` to fill it, says why."""

    settings: Settings | None = None
    weights: Weights | None = None
    missing: str = ""
    values: Any = None


def natural(report: AnalysisReport) -> Natural:
    """What the preset “natural” is for an analysed file: by the weights on offer that were registered first."""
    source, settings = report.source, report.recommendation.settings
    if not is_able():
        return Natural(missing=NOT_INSTALLED)
    first = weights.offered().order_by("registered_at", "pk").first()
    if first is None:
        return Natural(missing=gettext_noop("No network that enlarges is registered. Register one on the page of "
                                            "networks."))
    height = settings.upscale.height
    if height is None and source.height > _TALLEST:
        return Natural(missing=gettext_noop("This file has {lines} lines and is not enlarged, so there is nothing to "
                                            "mix in."), values={"lines": source.height})
    upscale = settings.upscale.model_copy(update={"height": height or max(120, 2 * source.height),
                                                  "weights": first.sha256, "natural": SHARE})
    return Natural(fitted(settings.model_copy(update={"upscale": upscale}), source), first)


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
    if name in NAMES:
        raise taken
    try:
        with transaction.atomic():
            return Preset.objects.create(name=name, description=description.strip(), learnt_on=version, by=by,
                                         settings=settings.model_dump(mode="json"))
    except IntegrityError:
        raise taken from None
