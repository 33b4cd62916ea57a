"""What is said in short where there is no room for all of it."""

import re

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from archive.models import Asset
from archive.templatetags.patina import date_in_words

register = template.Library()

DIGEST = re.compile(r"\b([0-9a-f]{12})([0-9a-f]{52})\b")
WITH_MONTH = re.compile(r"([0-9]{2}[0-9X]{2})(?:-[0-9X]{2}){1,2}")


@register.filter
def year_in_words(asset: Asset) -> str:
    """When it is from, as exactly as that is known: “1994”, “1920s”, “about 1934”."""
    earliest = next(iter(asset.dates.all()), None)
    return str(asset.year or "") if earliest is None else date_in_words(WITH_MONTH.sub(r"\1", earliest.value))


@register.filter
def short_digests(text: str) -> SafeString:
    """A sentence whose digests are cut to their beginning; opened, each shows all of itself."""
    return mark_safe(DIGEST.sub(  # noqa: S308 (escaped before, and a digest is hexadecimal)
        r'<details class="digest"><summary>\1…</summary>\1\2</details>', escape(text)))
