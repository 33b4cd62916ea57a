"""The middle of a frame header, tiles to restoration, read for its length (AV1 specification, 5.9.12 to 5.9.21)."""

from dataclasses import dataclass

from restoration.engine.encoding.av1.bits import Bits
from restoration.engine.encoding.av1.sequence import Sequence

# Quantiser changes of the eight segments, where each has one.
Segments = tuple[int | None, ...]
NO_SEGMENTS: Segments = (None,) * 8
_FEATURE_BITS = (8, 6, 6, 6, 6, 3, 0, 0)
_SIGNED_FEATURES = 5
_LARGEST_TILE, _LARGEST_AREA, _MOST_TILES = 4096, 4096 * 2304, 64


@dataclass(frozen=True, slots=True)
class Coded:
    """copies: allow_intrabc; starts_anew: no primary reference; has_all_columns: no superresolution."""

    copies: bool
    starts_anew: bool
    has_all_columns: bool


def skip_tiles(bits: Bits, sequence: Sequence, width: int, height: int) -> None:
    """tile_info()."""
    shift = 5 if sequence.use_128x128_superblock else 4
    columns, rows = (-(-2 * ((length + 7) >> 3) // (1 << shift)) for length in (width, height))
    widest, largest = _LARGEST_TILE >> (shift + 2), _LARGEST_AREA >> (2 * (shift + 2))
    if not bits.flag():
        raise ValueError("tiles of uneven size")
    least = _log2(widest, columns)
    across = _counted(bits, least, _log2(1, min(columns, _MOST_TILES)))
    least_tiles = max(least, _log2(largest, rows * columns))
    down = _counted(bits, max(least_tiles - across, 0), _log2(1, min(rows, _MOST_TILES)))
    if across + down:
        bits.number(across + down + 2)


def _log2(block: int, target: int) -> int:
    """tile_log2(): the smallest k for which block << k is at least the target."""
    power = 0
    while block << power < target:
        power += 1
    return power


def _counted(bits: Bits, least: int, most: int) -> int:
    while least < most and bits.flag():
        least += 1
    return least


def skip_filters(bits: Bits, sequence: Sequence, frame: Coded, before: Segments) -> Segments:
    """quantization_params() to read_tx_mode(). before, and the result: quantiser changes of the segments."""
    quantizer, changed = _quantizer(bits, sequence)
    segments, is_on = _segments(bits, frame, before)
    if quantizer and bits.flag():  # delta_q_present
        bits.number(2)
        if not frame.copies and bits.flag():
            bits.number(3)
    used = segments if is_on else NO_SEGMENTS
    lossless = not changed and all(not min(max(quantizer + (change or 0), 0), 255) for change in used)
    if not lossless and not frame.copies:
        _loop_filter(bits, sequence)
        if sequence.enable_cdef:
            _cdef(bits, sequence)
    if sequence.enable_restoration and not frame.copies and not (lossless and frame.has_all_columns):
        _restoration(bits, sequence)
    if not lossless:
        bits.flag()  # tx_mode_select
    return segments


def _quantizer(bits: Bits, sequence: Sequence) -> tuple[int, bool]:
    """base_q_idx, and whether any plane differs from it."""
    quantizer, changes = bits.number(8), [_change(bits)]
    if sequence.planes > 1:
        differ = sequence.separate_uv_delta_q and bits.flag()
        changes += [_change(bits) for _ in range(4 if differ else 2)]
    if bits.flag():  # using_qmatrix
        bits.number(12 if sequence.separate_uv_delta_q else 8)
    return quantizer, any(changes)


def _change(bits: Bits) -> int:
    return bits.signed(7) if bits.flag() else 0


def _segments(bits: Bits, frame: Coded, before: Segments) -> tuple[Segments, bool]:
    if not bits.flag():
        return NO_SEGMENTS, False
    if not frame.starts_anew:
        if bits.flag():  # segmentation_update_map
            bits.flag()
        if not bits.flag():  # segmentation_update_data
            return before, True
    made: list[int | None] = []
    for _ in range(8):
        values = [_feature(bits, number) for number in range(8)]
        made.append(values[0])
    return tuple(made), True


def _feature(bits: Bits, number: int) -> int | None:
    if not bits.flag():
        return None
    width = _FEATURE_BITS[number]
    return bits.signed(1 + width) if number < _SIGNED_FEATURES else bits.number(width)


def _loop_filter(bits: Bits, sequence: Sequence) -> None:
    levels = bits.number(12)
    if sequence.planes > 1 and levels:
        bits.number(12)
    bits.number(3)
    if bits.flag() and bits.flag():
        for _ in range(10):
            _change(bits)


def _cdef(bits: Bits, sequence: Sequence) -> None:
    bits.number(2)
    strengths = 1 << bits.number(2)
    bits.number(strengths * (12 if sequence.planes > 1 else 6))


def _restoration(bits: Bits, sequence: Sequence) -> None:
    kinds = [bits.number(2) for _ in range(sequence.planes)]
    if not any(kinds):
        return
    if bits.flag() and not sequence.use_128x128_superblock:
        bits.flag()
    if sequence.is_halved_both_ways and any(kinds[1:]):
        bits.flag()
