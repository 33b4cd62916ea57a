"""Words on their way into the catalogue."""

from typing import Any

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _


def put(row: Any, **values: str | None) -> dict[str, list[str]]:
    """Put in what was said; return what changed, field by field: [old, new]."""
    changes = {}
    for field, value in values.items():
        if value is not None and getattr(row, field) != value.strip():
            changes[field] = [getattr(row, field), value.strip()]
            setattr(row, field, value.strip())
    return changes


def words(text: str) -> str:
    """One line without spaces around it. Raises ValidationError where nothing is left."""
    line = " ".join(text.split())
    if not line:
        raise ValidationError(_("A title, place, name or subject cannot be empty."))
    return line


def term(vocabulary: Any, value: str) -> Any:
    """The controlled term of that code. Raises ValidationError where there is none."""
    try:
        return vocabulary(value)
    except ValueError:
        terms = ", ".join(vocabulary.values)
        raise ValidationError(_("“%(value)s” is not one of: %(terms)s."),
                              params={"value": value, "terms": terms}) from None
