"""What differs from the rest of the reel in some of its shots, in words."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from restoration.actions import adapting, weights
from restoration.engine.facts import SourceFacts
from restoration.engine.settings import Settings
from restoration.setting_fields import Section, sections
from restoration.views.timeline import timecode


def exceptions(settings: Settings, source: SourceFacts) -> list[dict[str, str]]:
    """Each section of each exception, in the order of the reel: from and to which label, and what holds there."""
    known = {section.name: section for section in sections()}
    names = _networks(settings)
    return [{"from": timecode(override.start, source), "to": timecode(override.end - 1, source),
             "section": known[name].title, "what": _changes(known[name], values, names)}
            for override in sorted(settings.overrides, key=lambda each: each.start)
            for name, values in override.changes.items()]


def _changes(section: Section, values: dict[str, Any], names: Mapping[str, str]) -> str:
    if values == {"enabled": False}:
        return _("left out")
    told = [(setting, values[setting.name]) for setting in section.settings if setting.name in values]
    return _("; ").join(_("%(setting)s: %(value)s") % {
        "setting": _(setting.field.title or setting.path),
        "value": names[value] if value in names else setting.words(value)} for setting, value in told)


def _networks(settings: Settings) -> dict[str, str]:
    """By digest, what the networks that exceptions name are called."""
    named: dict[str, list[str]] = {"adapted": [], "brought": []}
    for override in settings.overrides:
        for section, values in override.changes.items():
            if values.get("weights"):
                named["adapted" if f"{section}.weights" == adapting.NAMING else "brought"].append(values["weights"])
    return {**(weights.in_words(named["brought"]) if named["brought"] else {}),
            **(adapting.in_words(named["adapted"]) if named["adapted"] else {})}
