"""Dates as they are known: EDTF levels 0 and 1, the forms that cataloguers use, and the days they span.

Accepted: 2000, 2000-07, 2000-07-31, 192X, 19XX, 2000-XX, 2000-07-XX, each with ? (uncertain), ~ (approximate) or
% (both), and intervals of two of these, 1964/1968.
"""

import calendar
import datetime
import re

from django.core.exceptions import ValidationError
from django.utils.translation import gettext as _

ONE_DATE = re.compile(r"(?P<year>[0-9]{4}|[0-9]{3}X|[0-9]{2}XX)"
                      r"(?:-(?P<month>[0-9]{2}|XX)(?:-(?P<day>[0-9]{2}|XX))?)?[?~%]?")


def bounds(value: str) -> tuple[datetime.date, datetime.date]:
    """First and last day that the date may mean. Raises ValidationError with examples of what can be written."""
    parts = value.strip().split("/")
    try:
        if len(parts) > 2:
            raise ValueError(value)
        earliest, latest = _bounds_of_one(parts[0])[0], _bounds_of_one(parts[-1])[1]
        if latest < earliest:
            raise ValueError(value)
    except ValueError:
        raise ValidationError(
            _("“%(value)s” is not a date the catalogue can read. Write 2000-07-31, 2000-07, 2000, 192X for the "
              "twenties, 1934~ for about 1934, or 1964/1968."), params={"value": value}) from None
    return earliest, latest


def _bounds_of_one(text: str) -> tuple[datetime.date, datetime.date]:
    match = ONE_DATE.fullmatch(text.strip().upper())
    if match is None:
        raise ValueError(text)
    year, month, day = match["year"], match["month"], match["day"]
    first_year, last_year = int(year.replace("X", "0")), int(year.replace("X", "9"))
    if "X" in year and month not in (None, "XX"):
        raise ValueError(text)
    if month in (None, "XX"):
        if day not in (None, "XX"):
            raise ValueError(text)
        return datetime.date(first_year, 1, 1), datetime.date(last_year, 12, 31)
    if day in (None, "XX"):
        last_day = calendar.monthrange(first_year, int(month))[1]
        return datetime.date(first_year, int(month), 1), datetime.date(first_year, int(month), last_day)
    exact = datetime.date(first_year, int(month), int(day))
    return exact, exact
