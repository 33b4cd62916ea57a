"""Dates as they are known."""

from datetime import date

import pytest
from django.core.exceptions import ValidationError

from archive.edtf import bounds


@pytest.mark.parametrize(("value", "earliest", "latest"), [
    ("2000-07-31", date(2000, 7, 31), date(2000, 7, 31)),
    ("2000-02", date(2000, 2, 1), date(2000, 2, 29)),
    ("1934", date(1934, 1, 1), date(1934, 12, 31)),
    ("1934~", date(1934, 1, 1), date(1934, 12, 31)),
    ("192x", date(1920, 1, 1), date(1929, 12, 31)),
    ("19XX?", date(1900, 1, 1), date(1999, 12, 31)),
    ("2000-XX", date(2000, 1, 1), date(2000, 12, 31)),
    ("2000-07-XX", date(2000, 7, 1), date(2000, 7, 31)),
    ("1964/1968-03", date(1964, 1, 1), date(1968, 3, 31)),
])
def test_a_date_spans_the_days_it_may_mean(value: str, earliest: date, latest: date) -> None:
    assert bounds(value) == (earliest, latest)


@pytest.mark.parametrize("value", ["", "yesterday", "31.7.2000", "2000-13", "2001-02-29", "0000", "1968/1964", "1/2/3",
                                   "192X-05", "2000-XX-05", "20000", "1964/", "../1964"])
def test_what_is_no_date_is_answered_with_examples(value: str) -> None:
    with pytest.raises(ValidationError, match="192X for the"):
        bounds(value)
