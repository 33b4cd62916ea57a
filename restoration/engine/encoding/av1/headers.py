"""Where a frame header's film grain belongs: the whole header is read, since nothing says how long it is (AV1
specification, section 5.9), and what later headers depend on is kept."""

from dataclasses import dataclass, field

from restoration.engine.encoding.av1 import coding, motion
from restoration.engine.encoding.av1.bits import Bits
from restoration.engine.encoding.av1.sequence import Sequence

KEY, INTER, _INTRA_ONLY, _SWITCH = range(4)
_ALL = 255
_NONE = 7
_BY_FRAME = 2


@dataclass(frozen=True, slots=True)
class Kept:
    """What one of the eight reference slots remembers of its frame."""

    kind: int = KEY
    order: int = 0
    width: int = 0
    height: int = 0
    upscaled: int = 0
    motions: tuple[motion.Motion, ...] = (motion.STILL,) * motion.REFERENCES
    segments: coding.Segments = coding.NO_SEGMENTS


@dataclass(frozen=True, slots=True)
class Header:
    """end: bits up to film_grain_params(); order: order_hint; can_be_shown: now, or later by showing what exists."""

    kind: int
    order: int
    is_shown: bool
    can_be_shown: bool
    end: int


@dataclass(frozen=True, slots=True)
class _Begun:
    """What a header begins with. is_fixed: error_resilient_mode; whole_motion: force_integer_mv; has_size:
    frame_size_override_flag."""

    kind: int
    is_shown: bool
    can_be_shown: bool
    is_fixed: bool
    adapts: bool
    screen: bool
    whole_motion: bool
    has_size: bool
    order: int
    primary: int
    refreshed: int

    @property
    def is_intra(self) -> bool:
        return self.kind in (KEY, _INTRA_ONLY)


@dataclass(frozen=True, slots=True)
class _Seen:
    """What it goes on with. copies: allow_intrabc; is_fine: allow_high_precision_mv."""

    width: int
    height: int
    upscaled: int
    copies: bool = False
    is_fine: bool = False
    references: tuple[Kept, ...] = ()


@dataclass(slots=True)
class Headers:
    """Reads every frame header of a stream, in order."""

    sequence: Sequence
    _slots: list[Kept] = field(default_factory=lambda: [Kept()] * 8)

    def read(self, body: bytes) -> Header | None:
        """The header of a frame; None where one is shown that was coded before. Raises ValueError and EOFError for what
        no encoder of ours writes."""
        bits = Bits(body)
        if bits.flag():
            shown = self._slots[bits.number(3)]
            if shown.kind == KEY:
                self._slots = [shown] * 8
            return None
        begun = self._begun(bits)
        seen = self._of_itself(bits, begun) if begun.is_intra else self._of_others(bits, begun)
        before = Kept() if begun.primary == _NONE else seen.references[begun.primary]
        if begun.adapts:
            bits.flag()  # disable_frame_end_update_cdf
        coding.skip_tiles(bits, self.sequence, seen.width, seen.height)
        coded = coding.Coded(seen.copies, begun.primary == _NONE, seen.upscaled == seen.width)
        segments = coding.skip_filters(bits, self.sequence, coded, before.segments)
        motions = self._motions(bits, begun, seen, before)
        made = Kept(begun.kind, begun.order, seen.width, seen.height, seen.upscaled, motions, segments)
        self._slots = [made if begun.refreshed >> slot & 1 else kept for slot, kept in enumerate(self._slots)]
        return Header(begun.kind, begun.order, begun.is_shown, begun.can_be_shown, bits.place)

    def distance(self, one: int, other: int) -> int:
        """get_relative_dist(): frames from the other to the one."""
        if not self.sequence.order_hint_bits:
            return 0
        half = 1 << (self.sequence.order_hint_bits - 1)
        apart = (one - other) & (2 * half - 1)
        return apart - 2 * half if apart >= half else apart

    def _begun(self, bits: Bits) -> _Begun:
        sequence = self.sequence
        kind, is_shown = bits.number(2), bits.flag()
        can_be_shown = is_shown or bits.flag()
        is_new = kind == KEY and is_shown
        is_fixed = kind == _SWITCH or is_new or bits.flag()
        if is_new:
            self._slots = [Kept()] * 8
        adapts = not bits.flag()
        screen = _chosen(bits, sequence.seq_force_screen_content_tools)
        whole_motion = screen and _chosen(bits, sequence.seq_force_integer_mv)
        has_size = kind == _SWITCH or bits.flag()
        order = bits.number(sequence.order_hint_bits)
        is_intra = kind in (KEY, _INTRA_ONLY)
        primary = _NONE if is_intra or is_fixed else bits.number(3)
        refreshed = _ALL if kind == _SWITCH or is_new else bits.number(8)
        if is_fixed and (not is_intra or refreshed != _ALL):
            bits.number(8 * sequence.order_hint_bits)
        return _Begun(kind, is_shown, can_be_shown, is_fixed, adapts, screen, whole_motion, has_size, order, primary,
                      refreshed)

    def _of_itself(self, bits: Bits, begun: _Begun) -> _Seen:
        width, height, upscaled = self._size(bits, begun.has_size)
        return _Seen(width, height, upscaled, copies=begun.screen and upscaled == width and bits.flag())

    def _of_others(self, bits: Bits, begun: _Begun) -> _Seen:
        references = self._references(bits)
        size = (self._size_with(bits, references) if begun.has_size and not begun.is_fixed else
                self._size(bits, begun.has_size))
        is_fine = not begun.whole_motion and bits.flag()
        if not bits.flag():  # is_filter_switchable
            bits.number(2)
        bits.flag()  # is_motion_mode_switchable
        if not begun.is_fixed and self.sequence.enable_ref_frame_mvs:
            bits.flag()
        return _Seen(*size, is_fine=is_fine, references=tuple(references))

    def _motions(self, bits: Bits, begun: _Begun, seen: _Seen, before: Kept) -> tuple[motion.Motion, ...]:
        """frame_reference_mode() to global_motion_params()."""
        selects = not begun.is_intra and bits.flag()  # reference_select
        if selects and self._can_skip(begun.order, [reference.order for reference in seen.references]):
            bits.flag()  # skip_mode_present
        if not begun.is_intra and not begun.is_fixed and self.sequence.enable_warped_motion:
            bits.flag()  # allow_warped_motion
        bits.flag()  # reduced_tx_set
        return Kept().motions if begun.is_intra else motion.read(bits, before.motions, is_fine=seen.is_fine)

    def _references(self, bits: Bits) -> list[Kept]:
        if self.sequence.order_hint_bits and bits.flag():
            raise ValueError("references told in short")
        return [self._slots[bits.number(3)] for _ in range(motion.REFERENCES)]

    def _size(self, bits: Bits, is_told: bool) -> tuple[int, int, int]:
        """frame_size() and render_size(): coded width, height, width after superresolution."""
        sequence = self.sequence
        width, height = sequence.max_frame_width, sequence.max_frame_height
        if is_told:
            width = bits.number(sequence.frame_width_bits) + 1
            height = bits.number(sequence.frame_height_bits) + 1
        coded = self._narrowed(bits, width)
        if bits.flag():
            bits.number(32)
        return coded, height, width

    def _size_with(self, bits: Bits, references: list[Kept]) -> tuple[int, int, int]:
        for reference in references:
            if bits.flag():
                return self._narrowed(bits, reference.upscaled), reference.height, reference.upscaled
        return self._size(bits, True)

    def _narrowed(self, bits: Bits, width: int) -> int:
        """superres_params()."""
        if not (self.sequence.enable_superres and bits.flag()):
            return width
        shrunk = bits.number(3) + 9
        return (width * 8 + shrunk // 2) // shrunk

    def _can_skip(self, order: int, others: list[int]) -> bool:
        """Whether skip_mode_params() has a bit: two references around the frame, or two different ones before it."""
        ways = [self.distance(other, order) for other in others]
        past = {way for way in ways if way < 0}
        return bool(past) and (any(way > 0 for way in ways) or len(past) > 1)


def _chosen(bits: Bits, told: int) -> bool:
    """What the sequence fixes, or leaves to the frame."""
    return bits.flag() if told == _BY_FRAME else told == 1
