"""Film grain written into AV1 pictures that are coded already: nothing else of them changes, and a player that leaves
grain out shows them as they were coded.

Encoders estimate grain from what they are given; none that is here takes parameters. They stand at the end of a frame's
header, though, and touch nothing that later pictures are made from, so they are put in behind the encoder.
"""

from collections.abc import Callable

from restoration.engine.encoding.av1 import sequence
from restoration.engine.encoding.av1.bits import Written
from restoration.engine.encoding.av1.headers import INTER, Header, Headers
from restoration.engine.encoding.av1.obus import FRAME, FRAME_HEADER, SEQUENCE_HEADER, Unit, joined, split
from restoration.engine.encoding.av1.parameters import FilmGrain, told_in_bits

# Which grain the picture of that number, counted from 0, has.
Chosen = Callable[[int], FilmGrain | None]


class GrainWriter:
    """Puts grain into the packets of one stream, in the order in which they were coded."""

    def __init__(self, chosen: Chosen) -> None:
        self._chosen = chosen
        self._headers: Headers | None = None

    def packet(self, data: bytes, number: int) -> bytes:
        """A packet that shows the picture of that number, with grain. Raises ValueError or EOFError where the packet
        is not what an encoder of ours writes."""
        units = list(split(data))
        read = [self._read(unit) for unit in units]
        shown = next((header for header in read if header and header.is_shown), None)
        made = []
        for unit, header in zip(units, read, strict=True):
            if unit.kind == SEQUENCE_HEADER:
                unit = Unit(unit.kind, unit.head, _with_grain_present(unit.body))
            elif header is not None and header.can_be_shown:
                unit = self._grained(unit, header, number + self._later(header, shown))
            elif header is not None:
                unit = Unit(unit.kind, unit.head, _inserted(unit, header, Written()))
            made.append(unit)
        return joined(made)

    def _read(self, unit: Unit) -> Header | None:
        if unit.kind == SEQUENCE_HEADER and self._headers is None:
            self._headers = Headers(sequence.read(unit.body))
        if unit.kind not in (FRAME, FRAME_HEADER):
            return None
        if self._headers is None:
            raise ValueError("a picture before its sequence")
        return self._headers.read(unit.body)

    def _later(self, header: Header, shown: Header | None) -> int:
        """How many pictures after the one that the packet shows this one is to be shown."""
        if shown is None or self._headers is None:
            return 0
        return self._headers.distance(header.order, shown.order)

    def _grained(self, unit: Unit, header: Header, number: int) -> Unit:
        return Unit(unit.kind, unit.head, _inserted(unit, header, told_in_bits(
            self._chosen(number), number, is_inter=header.kind == INTER)))


def sequence_with_grain(data: bytes) -> bytes:
    """A sequence header unit, as a container keeps it, that says that its frames tell of grain."""
    return joined(Unit(unit.kind, unit.head, _with_grain_present(unit.body)) if unit.kind == SEQUENCE_HEADER else unit
                  for unit in split(data))


def _with_grain_present(body: bytes) -> bytes:
    place = sequence.read(body).film_grain_at
    made = bytearray(body)
    made[place // 8] |= 128 >> place % 8
    return bytes(made)


def _inserted(unit: Unit, header: Header, told: Written) -> bytes:
    """The unit's body with that between its header and its tiles, which begin with a byte."""
    made = Written().put_start_of(unit.body[:header.end // 8 + 1], header.end).put_all(told)
    if unit.kind == FRAME_HEADER:
        return made.put(1, 1).in_bytes()
    return made.in_bytes() + unit.body[-(-header.end // 8):]
