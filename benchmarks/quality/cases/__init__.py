"""One file a defect; the order is that of the table."""

from benchmarks.quality.case import Case

CASES: tuple[Case, ...] = ()
