"""The defects of a tape's signal one at a time, each with its truth: what the composite model does in one go.

Every function takes clean moments [T, 3, H, W], T and H even, and weaves them to T/2 frames of two fields, bottom field
first as 525-line video is digitised. The truth is woven from the same fields. A seed gives the same damage every time.
"""

from collections.abc import Callable
from dataclasses import replace

import torch
from torch import Tensor

from restoration.engine.ageing import composite
from restoration.engine.ageing.aged import Aged
from restoration.engine.ageing.composite import Tape

ORDER = "bff"
_SPOTLESS = Tape(chroma_bandwidth=1.3e6, chroma_delay=0.0, luma_noise=0.0, chroma_noise=0.0, jitter=0.0,
                 set_up_left=0.0, dropouts_per_field=0.0, switching_lines=0)
_SEEN = 3 / 255


def composite_crosstalk(clip: Tensor, seed: int, *, comb: float = 0.6, trap: float = 0.5,
                        chroma_bandwidth: float = 1.3e6) -> Aged:
    """Recorded and decoded once with nothing else wrong. comb, trap: how the decoder tells colour from brightness, as
    composite.Tape has them. The truth is what this decoder gives of brightness without colour and of colour without
    brightness: the same bandwidths and no crosstalk. The seed says where in the four-field sequence the clip begins."""
    tape = replace(_SPOTLESS, comb=comb, trap=trap, chroma_bandwidth=chroma_bandwidth)

    def crossed(field: Tensor, number: int) -> Tensor:
        return composite.decode(composite.encode(field, number + 2 * (seed % 2), tape), number + 2 * (seed % 2), tape)

    def apart(field: Tensor, number: int) -> Tensor:
        grey, colour = field.clone(), field.clone()
        grey[1:], colour[0] = 0, 0
        black = crossed(torch.zeros_like(field), number)
        return torch.cat([crossed(grey, number)[:1], (crossed(colour, number) - black)[1:]])

    return Aged(_woven(clip, crossed), _woven(clip, apart), order=ORDER)


def dropouts(clip: Tensor, seed: int, *, per_field: float = 0.6) -> Aged:
    """The carrier lost for some microseconds of a line or two, on average in `per_field` fields each."""
    dice = torch.Generator().manual_seed(seed)
    tape = replace(_SPOTLESS, dropouts_per_field=per_field / (1 + per_field), comb=1.0)

    def lost(field: Tensor, number: int) -> Tensor:
        signal = composite.encode(field, number, tape)
        hole = composite.drop_out(signal, tape, dice) - signal
        black = composite.decode(torch.full_like(signal, 0.075), number, tape)
        return field + composite.decode(hole + 0.075, number, tape) - black

    damaged, truth = _woven(clip, lost), _woven(clip, _plain)
    return Aged(damaged, truth, (damaged - truth).abs().amax(1) > _SEEN, ORDER)


def chroma_delay(clip: Tensor, seed: int, *, across: float = 2.0, down: float = 1.0) -> Aged:
    """Colour to the right of its brightness by `across` pixels and below it by `down` lines of the frame."""

    def late(field: Tensor, number: int) -> Tensor:
        aside = composite.shift(field[1:], across)
        return torch.cat([field[:1], composite.shift(aside.mT, down / 2).mT])

    return Aged(_woven(clip, late), _woven(clip, _plain), order=ORDER)


def line_jitter(clip: Tensor, seed: int, *, pixels: float = 0.6) -> Aged:
    """Each line of each field early or late on its own, by `line_delays`."""
    delays = line_delays(len(clip), clip.shape[-2] // 2, seed, pixels)

    def trembling(field: Tensor, number: int) -> Tensor:
        return composite.moved_lines(field, delays[number])

    return Aged(_woven(clip, trembling), _woven(clip, _plain), order=ORDER)


def line_delays(fields: int, lines: int, seed: int, pixels: float) -> Tensor:
    """How far to the right each line of each field lies, [fields, lines] in pixels, of that standard deviation."""
    return pixels * torch.randn((fields, lines), generator=torch.Generator().manual_seed(seed))


def _plain(field: Tensor, number: int) -> Tensor:
    return field


def _woven(clip: Tensor, aged: Callable[[Tensor, int], Tensor]) -> Tensor:
    """Frames [T/2, 3, H, W] of the moments' fields, each aged; fields are numbered from 0."""
    fields = [aged(composite.field_of(moment, 1 - number % 2), number) for number, moment in enumerate(clip)]
    return torch.stack([composite.interlace(first, second, ORDER)
                        for first, second in zip(fields[::2], fields[1::2], strict=True)])
