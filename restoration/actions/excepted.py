"""What holds for single shots alone and what was drawn by hand: plain values and English titles, which the pages and
the delivery sheet put into words."""

from collections import Counter
from collections.abc import Mapping
from typing import Any

from restoration.actions import adapting, weights
from restoration.engine.facts import SourceFacts
from restoration.engine.settings import Section, Settings
from restoration.source_time import timecode


def exceptions(settings: Settings, source: SourceFacts) -> list[dict[str, Any]]:
    """Each section of each exception that says something, in the order of the reel: from and to which label, and what
    holds there."""
    names = _networks(settings)
    return [{**_where(override.start, override.end, source), "section": _title(settings, name),
             "is_left_out": said == {"enabled": False}, "choices": _choices(name, getattr(settings, name), said, names)}
            for override in sorted(settings.overrides, key=lambda each: each.start)
            for name, values in override.changes.items() if values
            for said in [_as_it_holds(getattr(settings, name), values)]]


def retouched(settings: Settings, source: SourceFacts) -> dict[str, Any]:
    """How many places were drawn by hand, and in which frames, in the order of the reel."""
    counted = Counter((each.start, each.end) for each in settings.retouch)
    return {"places": len(settings.retouch),
            "ranges": [{**_where(*frames, source), "places": places} for frames, places in sorted(counted.items())]}


def _where(start: int, end: int, source: SourceFacts) -> dict[str, Any]:
    return {"start": start, "end": end, "from": timecode(start, source), "to": timecode(end - 1, source)}


def _title(settings: Settings, section: str) -> str:
    return type(settings).model_fields[section].title or section


def _as_it_holds(section: Section, values: dict[str, Any]) -> dict[str, Any]:
    """As the engine reads what an exception says, which may have been written "off" or "0.5"."""
    read = type(section).model_validate({**section.model_dump(), **values}).model_dump(mode="json")
    return {name: value for name, value in read.items() if name in values}


def _choices(name: str, section: Section, said: dict[str, Any], networks: Mapping[str, str]) -> list[dict[str, Any]]:
    return [{**choice(name, section, key, value), "network": networks.get(value, "") if isinstance(value, str) else ""}
            for key, value in said.items()]


def choice(section_name: str, section: Section, name: str, value: Any) -> dict[str, Any]:
    """One setting of a section with this value, and what it is called."""
    field = type(section).model_fields[name]
    extra = field.json_schema_extra if isinstance(field.json_schema_extra, dict) else {}
    return {"field": f"{section_name}.{name}", "title": field.title or name, "value": value,
            "unit": str(extra.get("unit", ""))}


def _networks(settings: Settings) -> dict[str, str]:
    """By digest, what the networks that exceptions name are called."""
    named: dict[str, list[str]] = {"adapted": [], "brought": []}
    for override in settings.overrides:
        for section, values in override.changes.items():
            if values.get("weights"):
                named["adapted" if f"{section}.weights" == adapting.NAMING else "brought"].append(values["weights"])
    return {**(weights.in_words(named["brought"]) if named["brought"] else {}),
            **(adapting.in_words(named["adapted"]) if named["adapted"] else {})}
