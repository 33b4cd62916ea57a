"""One picture or clip of a set, and what was measured on it."""

from typing import NamedTuple


class Row(NamedTuple):
    """values: in the order of the set's COLUMNS, dB."""

    name: str
    values: tuple[float, ...]
