"""The units ("OBU") that AV1's pictures come in (AV1 specification, section 5.3)."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

SEQUENCE_HEADER, FRAME_HEADER, FRAME = 1, 3, 6


@dataclass(frozen=True, slots=True)
class Unit:
    """kind: obu_type; head: the byte or two before the size; body: what the size counts."""

    kind: int
    head: bytes
    body: bytes


def split(data: bytes) -> Iterator[Unit]:
    """The units of a packet, in order; each must have its size."""
    place = 0
    while place < len(data):
        head = data[place:place + (2 if data[place] & 4 else 1)]
        if not head[0] & 2:
            raise ValueError("a unit without its size")
        size, start = _size(data, place + len(head))
        yield Unit(head[0] >> 3 & 15, head, data[start:start + size])
        place = start + size


def joined(units: Iterable[Unit]) -> bytes:
    return b"".join(unit.head + _leb128(len(unit.body)) + unit.body for unit in units)


def _size(data: bytes, place: int) -> tuple[int, int]:
    """leb128() and where it ends."""
    value = shift = 0
    while True:
        byte = data[place]
        value |= (byte & 127) << shift
        place, shift = place + 1, shift + 7
        if byte < 128:
            return value, place


def _leb128(value: int) -> bytes:
    made = bytearray()
    while value > 127:
        made.append(value & 127 | 128)
        value >>= 7
    return bytes([*made, value])
