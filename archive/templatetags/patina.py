"""Filters and tags for what people read."""

import datetime
import re
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any, Protocol, TypeVar

from django import template
from django.contrib.humanize.templatetags.humanize import intcomma
from django.db.models import QuerySet
from django.template import Context
from django.urls import NoReverseMatch, reverse
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe
from django.utils.translation import get_language, gettext, gettext_lazy, gettext_noop, pgettext

from archive.models import Asset, AssetTitle, Credit, RightsStatement
from archive.vocabularies import CarrierFormat, Custody, Language, RightsBasis, Role, TitleType

register = template.Library()

STAFF = (Role.ARCHIVIST, Role.RESTORER, Role.REVIEWER, Role.ADMINISTRATOR)
# What a door says, where it leads, for whom, and what else lies behind it.
ROOMS: tuple[tuple[Any, str, tuple[Role, ...], tuple[str, ...]], ...] = (
    (gettext_lazy("Catalogue"), "catalogue", STAFF, ("/collections/", "/media-files/", "/upload")),
    (gettext_lazy("Restoration"), "restoration-home", STAFF, ("/analyses/", "/versions/", "/runs/")),
    (gettext_lazy("Review"), "review-inbox", STAFF, ("/trials/", "/approval/")),
    (gettext_lazy("Deliveries"), "deliveries", (*STAFF, Role.RIGHTS_HOLDER), ()),
)
TERMS: dict[str, Any] = {"format": CarrierFormat, "basis": RightsBasis, "custody": Custody}
LISTED = ("fields", "kinds", "order", "preset")
WORDS = (
    gettext_noop("titles"), gettext_noop("dates"), gettext_noop("places"), gettext_noop("credits"),
    gettext_noop("parent"), gettext_noop("video"), gettext_noop("audio"), gettext_noop("subtitle"),
    gettext_noop("data"), gettext_noop("attachment"), gettext_noop("tape"), gettext_noop("film"), gettext_noop("as-is"),
)
# A field that provenance names otherwise than people do.
FIELDS = {"description_zh": gettext_noop("description in Chinese"), "name_zh": gettext_noop("name in Chinese"),
          "accession_number": gettext_noop("accession number")}
MARKS = {"~": gettext_noop("about %(date)s"), "?": gettext_noop("%(date)s, uncertain"),
         "%": gettext_noop("about %(date)s, uncertain")}
SEPARATORS = re.compile(r"([_ -]+)(?=[^_ -])")
HAN_LANGUAGES = (Language.CHINESE_SIMPLIFIED, Language.CHINESE_TRADITIONAL, Language.CANTONESE)


class Titled(Protocol):
    """A title, whether it was read as a row or as plain values."""

    @property
    def language(self) -> str: ...

    @property
    def type(self) -> str: ...


T = TypeVar("T", bound=Titled)


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
    named = {name: _in_words(name, value) for name, value in (values or {}).items()}
    return gettext(text).format_map(_Placeholders(named))


def _in_words(name: str, value: Any) -> Any:
    """A controlled term that was recorded as its code is shown by its label, a list of words word by word; large
    numbers by groups of digits."""
    if name in TERMS and value in TERMS[name].values:
        return TERMS[name](value).label
    if name in LISTED and isinstance(value, str):
        words = [FIELDS.get(word, word) for word in value.split(", ")]
        return pgettext("between words", ", ").join(gettext(word) if word else "" for word in words)
    return intcomma(value) if name.endswith("_bytes") and isinstance(value, int) else value


@register.simple_tag(takes_context=True)
def rooms(context: Context) -> list[Door]:
    """The doors that this person may open; the one they stand behind is marked."""
    request = context["request"]
    found = []
    for label, name, roles, others in ROOMS:
        if request.user.role in roles and (url := _address(name)):
            here = "page" if request.path == url else "true" if request.path.startswith((url, *others)) else ""
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


@register.simple_tag(takes_context=True)
def address_choosing(context: Context, name: str, value: Any) -> str:
    """This page's address, with one filter set, from its first page on."""
    return address_with(context, **{name: value, "page": None})


@register.simple_tag(takes_context=True)
def address_without(context: Context, name: str) -> str:
    return address_with(context, **{name: None, "page": None})


@register.filter
def heading(asset: Asset) -> list[AssetTitle]:
    """What an asset is called at a glance."""
    return called(asset.titles.all())


@register.filter
def titles_in_order(asset: Asset) -> list[AssetTitle]:
    """All titles, the reader's script first, the preferred before the others."""
    return _in_order(asset.titles.all())


def called(titles: Iterable[T]) -> list[T]:
    """The title in the reader's script, and one in another script."""
    ordered = _in_order(titles)
    others = [title for title in ordered[1:] if _is_han(title) != _is_han(ordered[0]) and title.language != "zh-Latn"]
    return [*ordered[:1], *others[:1]]


def _in_order(titles: Iterable[T]) -> list[T]:
    reads_han = (get_language() or "").startswith("zh")
    return sorted(titles, key=lambda title: (reads_han and not _is_han(title), title.type != TitleType.PREFERRED))


def _is_han(title: Titled) -> bool:
    return title.language in HAN_LANGUAGES


@register.filter
def clock(seconds: Any) -> str:
    """A duration as people read it from a clock: 3:12, 1:52:07."""
    minutes, rest = divmod(round(float(seconds)), 60)
    hours, minutes = divmod(minutes, 60)
    return f"{hours}:{minutes:02}:{rest:02}" if hours else f"{minutes}:{rest:02}"


@register.filter
def credits_in_order(asset: Asset) -> QuerySet[Credit]:
    return asset.credits.select_related("agent")


@register.filter
def unlocalized(number: Any) -> str:
    """For attributes: a number as programs write it, whatever the reader's language."""
    return str(number)


@register.filter
def date_in_words(value: str) -> str:
    """An EDTF date as a colleague would say it: “1920s”, “about 1934”, “2000-07-31”."""
    if "/" in value:
        return "–".join(date_in_words(part) for part in value.split("/"))
    plain, mark = (value[:-1], value[-1]) if value[-1:] in "?~%" else (value, "")
    if plain.endswith("XX") and len(plain) == 4:
        plain = gettext("%(years)s00s") % {"years": plain[:2]}
    elif plain.endswith("X") and len(plain) == 4:
        plain = gettext("%(years)s0s") % {"years": plain[:3]}
    date = plain.removesuffix("-XX").removesuffix("-XX")
    return gettext(MARKS[mark]) % {"date": date} if mark else date


@register.filter
def decade_in_words(first_year: int) -> str:
    """1990 as “1990s”."""
    return date_in_words(f"{first_year // 10}X")


@register.filter
def breakable(name: str) -> SafeString:
    """A file name that may be broken after its separators, and not in the middle of its ending."""
    return mark_safe(SEPARATORS.sub(r"\1<wbr>", escape(name)))  # noqa: S308 (escaped before the breaks go in)


@register.filter
def term_in_words(statement: RightsStatement, today: datetime.date) -> str:
    """Until when, and whether that day has come; both days of a term belong to it."""
    if statement.starts_on and statement.starts_on > today:
        return gettext("begins on %(day)s") % {"day": statement.starts_on.isoformat()}
    if not statement.ends_on:
        return gettext("without end")
    day = {"day": statement.ends_on.isoformat()}
    return gettext("ended on %(day)s") % day if statement.ends_on < today else gettext("until %(day)s") % day
