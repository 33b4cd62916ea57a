"""Bits of an AV1 header, read and written from the left (AV1 specification, section 4.10)."""


class Bits:
    """A place in bytes that moves on as bits are read."""

    def __init__(self, data: bytes) -> None:
        self._all = int.from_bytes(data)
        self._length = 8 * len(data)
        self.place = 0

    def number(self, bits: int) -> int:
        """f(n), an unsigned number of that many bits. Raises EOFError past the end."""
        self.place += bits
        if self.place > self._length:
            raise EOFError("a header goes on behind its end")
        return self._all >> (self._length - self.place) & ((1 << bits) - 1)

    def flag(self) -> bool:
        return self.number(1) == 1

    def signed(self, bits: int) -> int:
        """su(n)."""
        value = self.number(bits)
        return value - (1 << bits) if value >> (bits - 1) else value

    def below(self, count: int) -> int:
        """ns(n), a number from 0 to count - 1 in no more bits than it needs."""
        width = count.bit_length()
        short = (1 << width) - count
        value = self.number(width - 1)
        return value if value < short else (value << 1) - short + self.number(1)

    def universal(self) -> int:
        """uvlc()."""
        zeros = 0
        while not self.flag():
            zeros += 1
        return self.number(zeros) + (1 << zeros) - 1


class Written:
    """Bits put one behind the other."""

    def __init__(self) -> None:
        self._value = self._length = 0

    def put(self, value: int, bits: int) -> "Written":
        if not 0 <= value < 1 << bits:
            raise ValueError(f"{value} has no place in {bits} bits")
        self._value, self._length = self._value << bits | value, self._length + bits
        return self

    def put_all(self, other: "Written") -> "Written":
        return self.put(other._value, other._length)

    def put_start_of(self, data: bytes, bits: int) -> "Written":
        """The first bits of some bytes."""
        return self.put(int.from_bytes(data) >> (8 * len(data) - bits), bits)

    def in_bytes(self) -> bytes:
        """With zeros to the end of the last byte."""
        padding = -self._length % 8
        return (self._value << padding).to_bytes((self._length + padding) // 8)
