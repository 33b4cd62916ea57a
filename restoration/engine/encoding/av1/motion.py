"""Motion of whole pictures in a frame header (AV1 specification, section 5.9.24): read for its length, and kept since
the next frame's is told as the difference."""

from restoration.engine.encoding.av1.bits import Bits

Motion = tuple[int, ...]
STILL: Motion = (0, 0, 1 << 16, 0, 0, 1 << 16)
REFERENCES = 7


def read(bits: Bits, before: tuple[Motion, ...], *, is_fine: bool) -> tuple[Motion, ...]:
    """global_motion_params() of the seven references; before: those of the primary reference; is_fine:
    allow_high_precision_mv."""
    return tuple(_one(bits, before[number], is_fine) for number in range(REFERENCES))


def _one(bits: Bits, before: Motion, is_fine: bool) -> Motion:
    made = list(STILL)
    if not bits.flag():
        return STILL
    turns = bits.flag()
    shifts = not turns and bits.flag()
    if not shifts:
        for index in (2, 3):
            made[index] = _parameter(bits, before[index], index, 12, 15)
        if turns:
            made[4], made[5] = -made[3], made[2]
        else:
            for index in (4, 5):
                made[index] = _parameter(bits, before[index], index, 12, 15)
    magnitude, precision = (8 + is_fine, 2 + is_fine) if shifts else (12, 6)
    for index in (0, 1):
        made[index] = _parameter(bits, before[index], index, magnitude, precision)
    return tuple(made)


def _parameter(bits: Bits, before: int, index: int, magnitude: int, precision: int) -> int:
    """read_global_param()."""
    is_scale = index % 3 == 2
    shift = 16 - precision
    expected = (before >> shift) - (is_scale << precision)
    largest = 1 << magnitude
    value = _near(bits, 2 * largest + 1, expected + largest) - largest
    return (value << shift) + (is_scale << 16)


def _near(bits: Bits, count: int, expected: int) -> int:
    """decode_unsigned_subexp_with_ref()."""
    value = _subexponential(bits, count)
    if 2 * expected <= count:
        return _unfolded(expected, value)
    return count - 1 - _unfolded(count - 1 - expected, value)


def _subexponential(bits: Bits, count: int) -> int:
    step, start = 0, 0
    while True:
        width = 3 + step - 1 if step else 3
        if count <= start + (3 << width):
            return bits.below(count - start) + start
        if not bits.flag():
            return bits.number(width) + start
        step, start = step + 1, start + (1 << width)


def _unfolded(expected: int, value: int) -> int:
    """inverse_recenter()."""
    if value > 2 * expected:
        return value
    return expected - (value + 1) // 2 if value & 1 else expected + value // 2
