"""Filters and tags of the restoration pages."""

from datetime import date
from typing import Any

from django import template
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archive.models import Asset, MediaFile, User
from archive.templatetags.patina import said
from archive.vocabularies import PreviewState
from restoration import watched
from restoration.actions.deliveries import EXTRAS
from restoration.engine.encoding.profiles import PROFILES
from restoration.engine.facts import Reason
from restoration.models import Notice
from restoration.setting_fields import CHOICE_WORDS
from restoration.views import timeline
from restoration.vocabularies import ItemKind

register = template.Library()
register.filter("defect_in_words", timeline.defect_words)
register.filter("measured", timeline.measured)
register.filter("watched_in_words", watched.in_words)


@register.simple_tag
def poster_of(asset: Asset, fallback: MediaFile | None = None) -> str:
    """The file whose poster stands for an asset, or "" where there is no poster yet."""
    if asset.poster_file_id:
        return str(asset.poster_file_id)
    return str(fallback.pk) if fallback and fallback.preview_state == PreviewState.READY else ""


@register.simple_tag
def unread_notices(user: User) -> int:
    return Notice.objects.filter(user=user, read_at=None).count()


@register.filter
def is_past(day: date | None) -> bool:
    return day is not None and day < timezone.localdate()


@register.filter
def lasting(seconds: float | None) -> str:
    """A length of time in words, as exact as a person wants it."""
    if seconds is None:
        return ""
    whole = round(float(seconds))
    if whole < 60:
        return ngettext("%(count)d second", "%(count)d seconds", whole) % {"count": whole}
    minutes, rest = divmod(whole, 60)
    if minutes < 60 and not rest:
        return _("%(minutes)d min") % {"minutes": minutes}
    if minutes < 60:
        return _("%(minutes)d min %(seconds)02d s") % {"minutes": minutes, "seconds": rest}
    hours, minutes = divmod(minutes, 60)
    if not minutes:
        return _("%(hours)d h") % {"hours": hours}
    return _("%(hours)d h %(minutes)02d min") % {"hours": hours, "minutes": minutes}


@register.filter
def percent_of(part: int | None, whole: int | None) -> int:
    return round(100 * (part or 0) / whole) if whole else 0


@register.filter
def reason_in_words(reason: Reason | dict[str, Any]) -> str:
    """Why a setting is what it is; a setting chosen by hand is named as the form names it, a number as the sentence
    writes it."""
    stored = reason.model_dump() if isinstance(reason, Reason) else reason
    values = stored.get("values") or {}
    chosen = {name: choice_in_words(values[name]) for name in ("value", "recommended")
              if name in values and type(values[name]) not in (int, float)}
    return said(stored["text"], {**values, **chosen})


@register.filter
def choice_in_words(value: Any) -> str:
    """The value of a setting, as it is or as provenance wrote it down."""
    words = {"True": _("yes"), "False": _("no"), "None": _("as the source"), **CHOICE_WORDS}
    return str(words.get(str(value), value))


@register.filter
def packaging_in_words(progress: str) -> str:
    """How far a package is, “mezzanine 120/600”, with what is being made named as the package names it."""
    step, _space, count = progress.partition(" ")
    words = {**{kind.value: kind.label for kind in ItemKind}, "fixity": _("Fixity"),
             **{name: _(PROFILES[name].title) for name in EXTRAS}}
    return f"{words.get(step, step)} {count}".strip()
