"""Filters and tags for what people read."""

from dataclasses import dataclass
from typing import Any

from django import template
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext, gettext_lazy

from archive.vocabularies import Role

register = template.Library()

STAFF = (Role.ARCHIVIST, Role.RESTORER, Role.REVIEWER, Role.ADMINISTRATOR)
ROOMS = (
    (gettext_lazy("Catalogue"), "catalogue", STAFF),
    (gettext_lazy("Restoration"), "restoration-home", STAFF),
    (gettext_lazy("Review"), "review-inbox", (Role.REVIEWER, Role.ADMINISTRATOR)),
    (gettext_lazy("Deliveries"), "deliveries", (*STAFF, Role.RIGHTS_HOLDER)),
)


class _Placeholders(dict[str, Any]):
    """A sentence outlives the code that wrote it: what nobody knows any more stays visible as a placeholder."""

    def __missing__(self, name: str) -> str:
        return f"{{{name}}}"


@dataclass(frozen=True)
class Door:
    label: str
    url: str
    is_current: str


@register.filter
def said(text: str, values: dict[str, Any] | None = None) -> str:
    """A marked English sentence, in the reader's language, with its placeholders filled."""
    if not text:
        return ""
    return gettext(text).format_map(_Placeholders(values or {}))


@register.simple_tag(takes_context=True)
def rooms(context: Context) -> list[Door]:
    """The doors that this person may open; the one they stand behind is marked."""
    request = context["request"]
    found = []
    for label, name, roles in ROOMS:
        if request.user.role in roles and (url := _address(name)):
            here = "page" if request.path == url else "true" if request.path.startswith(url) else ""
            found.append(Door(str(label), url, here))
    return found


def _address(name: str) -> str:
    try:
        return reverse(name)
    except NoReverseMatch:
        return ""


@register.simple_tag(takes_context=True)
def address_with(context: Context, **changes: Any) -> str:
    """This page's address with some of its questions changed; None or "" takes one away."""
    asked = context["request"].GET.copy()
    for name, value in changes.items():
        if value in (None, ""):
            asked.pop(name, None)
        else:
            asked[name] = str(value)
    return f"?{asked.urlencode()}"
