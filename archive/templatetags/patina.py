"""Filters for what people read."""

from typing import Any

from django import template
from django.utils.translation import gettext

register = template.Library()


@register.filter
def said(text: str, values: dict[str, Any] | None = None) -> str:
    """A marked English sentence, in the reader's language, with its placeholders filled."""
    if not text:
        return ""
    return gettext(text).format(**(values or {}))
