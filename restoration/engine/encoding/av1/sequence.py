"""What a sequence header says that frame headers depend on (AV1 specification, section 5.5)."""

from dataclasses import dataclass

from restoration.engine.encoding.av1.bits import Bits

_CHOSEN_BY_FRAME = 2


@dataclass(frozen=True, slots=True)
class Sequence:
    """Names are the specification's. film_grain_at: the place of film_grain_params_present in bits."""

    frame_width_bits: int
    frame_height_bits: int
    max_frame_width: int
    max_frame_height: int
    use_128x128_superblock: bool
    enable_warped_motion: bool
    enable_ref_frame_mvs: bool
    order_hint_bits: int
    seq_force_screen_content_tools: int
    seq_force_integer_mv: int
    enable_superres: bool
    enable_cdef: bool
    enable_restoration: bool
    planes: int
    is_halved_both_ways: bool
    separate_uv_delta_q: bool
    film_grain_at: int


def read(body: bytes) -> Sequence:
    """The header in a unit's body. Raises ValueError for what no encoder of ours writes: lone stills, decoder models
    and frame identifiers."""
    bits = Bits(body)
    profile = bits.number(3)
    bits.flag()
    if bits.flag():
        raise ValueError("a lone still")
    _operating_points(bits)
    width_bits, height_bits = bits.number(4) + 1, bits.number(4) + 1
    width, height = bits.number(width_bits) + 1, bits.number(height_bits) + 1
    if bits.flag():
        raise ValueError("frame identifiers")
    large = bits.flag()
    bits.number(4)  # enable_filter_intra, _intra_edge_filter, _interintra_compound, _masked_compound
    warped = bits.flag()
    bits.flag()  # enable_dual_filter
    has_order = bits.flag()
    ref_mvs = has_order and bits.number(2) & 1 == 1
    screen = _CHOSEN_BY_FRAME if bits.flag() else bits.number(1)
    whole_motion = _CHOSEN_BY_FRAME
    if screen and not bits.flag():
        whole_motion = bits.number(1)
    order_bits = bits.number(3) + 1 if has_order else 0
    superres, cdef, restoration = bits.flag(), bits.flag(), bits.flag()
    planes, halved, separate = _color(bits, profile)
    return Sequence(width_bits, height_bits, width, height, large, warped, ref_mvs, order_bits, screen, whole_motion,
                    superres, cdef, restoration, planes, halved, separate, bits.place)


def _operating_points(bits: Bits) -> None:
    if bits.flag():  # timing_info_present_flag
        bits.number(64)
        if bits.flag():
            bits.universal()
        if bits.flag():
            raise ValueError("a decoder model")
    has_delay = bits.flag()
    for _ in range(bits.number(5) + 1):
        bits.number(12)
        if bits.number(5) > 7:
            bits.flag()
        if has_delay and bits.flag():
            bits.number(4)


def _color(bits: Bits, profile: int) -> tuple[int, bool, bool]:
    """color_config(): planes, whether chroma is half as wide and half as high, separate_uv_delta_q."""
    is_deep = bits.flag()
    is_deepest = profile == 2 and is_deep and bits.flag()
    is_grey = profile != 1 and bits.flag()
    if bits.flag() and bits.number(24) == 0x010D00:  # sRGB
        return 3, False, bits.flag()
    bits.flag()  # color_range
    if is_grey:
        return 1, True, False
    halved = profile == 0
    if is_deepest:
        halved = bits.flag() and bits.flag()
    if halved:
        bits.number(2)
    return 3, halved, bits.flag()
