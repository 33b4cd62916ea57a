"""One file a defect; the order is that of the table."""

from benchmarks.quality.case import Case
from benchmarks.quality.cases import fields, noise

CASES: tuple[Case, ...] = (fields.CASE, *noise.CASES)
