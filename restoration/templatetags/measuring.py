"""Filters that say measured and chosen values in words, on the pages and on the sheet that leaves the house."""

from fractions import Fraction
from typing import Any

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from archive.templatetags.patina import said
from archive.templatetags.technical import rate_in_words
from restoration.engine.encoding.profiles import PROFILES
from restoration.setting_fields import Setting, sections
from restoration.views.timeline import severity_words
from restoration.vocabularies import ItemKind

MATRICES = {"bt601": "BT.601", "bt709": "BT.709", "bt2020": "BT.2020", "smpte170m": "BT.601", "bt470bg": "BT.601"}

register = template.Library()
register.filter("severity_in_words", severity_words)


@register.filter
def per_second(rate: str | Fraction) -> str:
    """"30000/1001" as people say it: 29.97."""
    return rate_in_words(Fraction(rate))


@register.filter
def as_percent(share: float) -> str:
    """0.85 as people write it: 85 %."""
    return f"{100 * share:.0f} %"


@register.filter
def fine_percent(share: float) -> str:
    """Small shares keep two places: 0.03 %."""
    return f"{100 * share:.0f} %" if share >= 0.1 else f"{100 * share:.2f} %"


@register.filter
def matrix_name(matrix: str) -> str:
    return MATRICES.get(matrix, matrix)


@register.filter
def in_words_of(value: Any, path: str) -> str:
    """A setting's value as its form says it; one that today's engine does not know any more, as it was written."""
    known = {setting.path: setting for section in sections() for setting in section.settings}
    return known[path].words(value) if path in known else str(value)


@register.filter
def excepted_in_words(exception: dict[str, Any]) -> str:
    """What holds in a section of an exception, as `actions.excepted` lists it."""
    if exception["is_left_out"]:
        return _("left out")
    known = {setting.path: setting for section in sections() for setting in section.settings}
    return _("; ").join(_("%(setting)s: %(value)s") % {
        "setting": said(choice["title"]), "value": choice["network"] or _worded(choice, known.get(choice["field"]))}
        for choice in exception["choices"])


def _worded(choice: dict[str, Any], setting: Setting | None) -> str:
    return setting.words(choice["value"]) if setting else str(choice["value"])


@register.filter
def frames_in_words(retouch: dict[str, Any]) -> str:
    """The frames of what was drawn by hand, and at how many places, as `actions.excepted` counts them."""
    first, last = retouch["start"], retouch["end"] - 1
    frames = _("frame %(frame)s of the source") % {"frame": intcomma(first)} if first == last else _(
        "frames %(first)s–%(last)s of the source") % {"first": intcomma(first), "last": intcomma(last)}
    places = ngettext("%(count)d place", "%(count)d places", retouch["places"]) % {"count": retouch["places"]}
    return frames if retouch["places"] == 1 else _(", ").join((frames, places))


@register.filter
def item_kind(kind: str) -> str:
    return str(ItemKind(kind).label)


@register.filter
def rendered_as(facts: dict[str, Any] | None) -> str:
    """The title of the profile that a file of a package was rendered by; empty for one that was not."""
    recipe = PROFILES.get((facts or {}).get("profile", ""))
    return _(recipe.title) if recipe else ""
