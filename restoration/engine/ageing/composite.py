"""What 480i composite video tape does to a picture, as pure functions over tensors.

A field is float32 [3, 240, 720], non-linear Y'CbCr as in frames.Frame: Y' 0..1, Cb and Cr -0.5..0.5, sampled at
13.5 MHz (ITU-R BT.601). The signal model follows SMPTE 170M: Y' band-limited, two colour differences in quadrature on
a 3.579545 MHz subcarrier whose phase turns by half a cycle from line to line and from frame to frame; tape noise rises
towards dark, because the FM carrier is at its lowest there. Everything random comes from a generator, so one seed gives
one tape.
"""

from dataclasses import dataclass
from math import pi

import torch
from torch import Tensor
from torch.nn import functional

SAMPLE_RATE = 13.5e6
SUBCARRIER = 315e6 / 88
_TRAPPED = 0.5e6
_IN_PHASE, _QUADRATURE = 0.493 * 1.772, 0.877 * 1.402  # U and V of Cb and Cr


@dataclass(frozen=True, slots=True)
class Tape:
    """How worn the tape and how plain the decoder is. Bandwidths in Hz, delay in samples, noise on the 0..1 scale.

    comb: how much of the colour a line comb separates, the rest is plainly demodulated; trap: how much of the luma
    comes from a plain trap at the carrier instead of the comb, with dots along every edge of colour.
    """

    luma_bandwidth: float = 4.2e6
    chroma_bandwidth: float = 0.75e6
    chroma_delay: float = 1.6
    luma_noise: float = 0.016
    chroma_noise: float = 0.030
    dark_rise: float = 1.1
    jitter: float = 0.16
    comb: float = 0.72
    trap: float = 0.0
    set_up_left: float = 0.018
    dropouts_per_field: float = 0.10
    switching_lines: int = 4


TAPE = Tape()


def interlace(first: Tensor, second: Tensor, order: str) -> Tensor:
    """Two fields [3, H, W] to one frame [3, 2H, W]; `first` is the earlier, "tff" or "bff" says on which lines."""
    frame = first.new_empty(3, 2 * first.shape[1], first.shape[2])
    early = 0 if order == "tff" else 1
    frame[:, early::2], frame[:, 1 - early::2] = first, second
    return frame


def field_of(moment: Tensor, parity: int) -> Tensor:
    """The lines 0, 2, … (parity 0) or 1, 3, … (parity 1) of a whole moment [3, H, W], as a tube camera scans them:
    each line takes a little from its neighbours, which spares an interlaced screen the twitter."""
    padded = functional.pad(moment[None], (0, 0, 1, 1), mode="replicate")[0]
    soft = 0.25 * padded[:, :-2] + 0.5 * padded[:, 1:-1] + 0.25 * padded[:, 2:]
    return soft[:, parity::2]


def play(field: Tensor, number: int, tape: Tape, dice: torch.Generator) -> Tensor:
    """One field as the tape gives it back: recorded, aged, decoded. `number` counts fields from the reel's start."""
    signal = encode(field, number, tape)
    signal = signal + luma_noise(field[0], tape, dice)
    signal = drop_out(signal, tape, dice)
    signal = jitter(signal, tape, dice)
    played = decode(signal, number, tape)
    played[1:] += chroma_noise(field, tape, dice)
    return _switch_heads(played, tape, dice)


def encode(field: Tensor, number: int, tape: Tape) -> Tensor:
    """The composite signal [H, W] of a field, with set-up, black at 0.075 and white at 1."""
    luma = low_pass(field[0], tape.luma_bandwidth)
    chroma = low_pass(field[1:], 2 * tape.chroma_bandwidth)
    sine, cosine = _carrier(field.shape[1], field.shape[2], number)
    return 0.075 + 0.925 * (luma + _IN_PHASE * chroma[0] * sine + _QUADRATURE * chroma[1] * cosine)


def decode(signal: Tensor, number: int, tape: Tape) -> Tensor:
    """A receiver's Y'CbCr [3, H, W]: a line comb as good as `comb` says, so that the rest shows as dot crawl along
    colour edges and as false colour in fine luma; colour late by `chroma_delay` and as narrow as the tape makes it."""
    picture = (signal - 0.075) / 0.925
    band = picture - low_pass(picture, 2.6e6)
    above = torch.cat([band[:1], band[:-1]])
    below = torch.cat([band[1:], band[-1:]])
    combed = 0.5 * band - 0.25 * (above + below)
    carrier = tape.comb * combed + (1 - tape.comb) * band
    sine, cosine = _carrier(signal.shape[0], signal.shape[1], number)
    differences = torch.stack([2 * carrier * sine / _IN_PHASE, 2 * carrier * cosine / _QUADRATURE])
    colour = shift(low_pass(differences, tape.chroma_bandwidth), tape.chroma_delay)
    luma = picture - combed - 0.45 * (1 - tape.comb) * (band - combed)
    if tape.trap:
        luma = torch.lerp(luma, picture - low_pass(picture, _TRAPPED, around=SUBCARRIER), tape.trap)
    luma = low_pass(luma, tape.luma_bandwidth)
    return torch.cat([(luma * (1 - tape.set_up_left) + tape.set_up_left)[None], colour])


def luma_noise(luma: Tensor, tape: Tape, dice: torch.Generator) -> Tensor:
    """FM noise [H, W]: stronger in the dark, its power rising with frequency up to the tape's bandwidth."""
    white = torch.randn(luma.shape, generator=dice)
    coloured = white - 0.55 * torch.roll(white, 1, -1) + 0.35 * torch.roll(white, 2, -1)
    amount = tape.luma_noise * (1 + tape.dark_rise * (1 - luma.clamp(0, 1)) ** 2)
    return low_pass(coloured * amount, tape.luma_bandwidth)


def chroma_noise(field: Tensor, tape: Tape, dice: torch.Generator) -> Tensor:
    """Colour-under noise [2, H, W]: long horizontal smears, strongest in saturated colour and never quite absent."""
    white = torch.randn((2, *field.shape[1:]), generator=dice)
    smeared = low_pass(white, 0.35e6)
    smeared = smeared / smeared.std().clamp_min(1e-6)
    saturation = field[1:].square().sum(0).sqrt()
    return smeared * tape.chroma_noise * (0.35 + 1.6 * saturation)


def jitter(signal: Tensor, tape: Tape, dice: torch.Generator) -> Tensor:
    """Each line a little early or late, as a time base corrector leaves it: slow sway, fine tremble."""
    lines = signal.shape[0]
    sway = functional.interpolate(torch.randn((1, 1, 7), generator=dice), size=lines, mode="linear")[0, 0]
    moved = tape.jitter * (torch.randn(lines, generator=dice) * 0.6 + sway)
    return moved_lines(signal, moved)


def _switch_heads(field: Tensor, tape: Tape, dice: torch.Generator) -> Tensor:
    """The last lines bend away and turn noisy where the second head takes over."""
    count = tape.switching_lines
    if count == 0:
        return field
    depth = torch.linspace(0.1, 1, count) ** 2
    bent = moved_lines(field[:, -count:], -(18 + 6 * float(torch.rand(1, generator=dice))) * depth)
    noise = torch.randn((3, count, field.shape[2]), generator=dice) * torch.tensor([0.12, 0.03, 0.03])[:, None, None]
    return torch.cat([field[:, :-count], bent + low_pass(noise, 3e6) * depth[:, None]], 1)


def drop_out(signal: Tensor, tape: Tape, dice: torch.Generator) -> Tensor:
    """Now and then the carrier is lost for some microseconds of one or two lines of a single field."""
    signal = signal.clone()
    while float(torch.rand(1, generator=dice)) < tape.dropouts_per_field:
        place = torch.rand(4, generator=dice)
        line, start = int(place[0] * (signal.shape[0] - 3)), int(place[1] * signal.shape[1] * 0.9)
        length, level = int(20 + place[2] * 150), 1.0 if place[3] > 0.35 else 0.05
        for extra in range(1 + int(place[3] > 0.7)):
            stretch = signal[line + extra, start:start + length]
            flutter = torch.randn(stretch.shape, generator=dice) * 0.12
            stretch.copy_(0.2 * stretch + 0.8 * level + flutter)
    return signal


def low_pass(samples: Tensor, bandwidth: float, *, around: float = 0.0) -> Tensor:
    """Band-limit along lines: a Hann-windowed sinc of up to 41 taps, edges held. around: the middle of the band."""
    cut = min(bandwidth / SAMPLE_RATE, 0.5)
    radius = int(min(20, max(5, round(1.6 / cut))))
    place = torch.arange(-radius, radius + 1, dtype=torch.float32)
    taps = torch.sinc(2 * cut * place) * (0.5 + 0.5 * torch.cos(pi * place / (radius + 1)))
    taps = taps / taps.sum()
    if around:
        taps = taps * 2 * torch.cos(2 * pi * around / SAMPLE_RATE * place)
    rows = samples.reshape(-1, 1, samples.shape[-1])
    padded = functional.pad(rows, (radius, radius), mode="replicate")
    return functional.conv1d(padded, taps[None, None]).reshape(samples.shape)


def shift(samples: Tensor, delay: float) -> Tensor:
    """The same [C, H, W], later along each line by `delay` samples."""
    return torch.stack([moved_lines(plane, torch.full((plane.shape[0],), delay)) for plane in samples])


def moved_lines(lines: Tensor, delays: Tensor) -> Tensor:
    """Lines [..., H, W], each later by its own delay in samples; Catmull-Rom, edges held."""
    width = lines.shape[-1]
    place = torch.arange(width)[None] - delays[:, None]
    whole = place.floor()
    part = place - whole
    taps = ((-0.5 * part + part**2 - 0.5 * part**3), (1 - 2.5 * part**2 + 1.5 * part**3),
            (0.5 * part + 2 * part**2 - 1.5 * part**3), (-0.5 * part**2 + 0.5 * part**3))
    moved = torch.zeros_like(lines)
    for offset, tap in enumerate(taps, start=-1):
        index = (whole.long() + offset).clamp(0, width - 1).expand(lines.shape)
        moved = moved + tap * torch.gather(lines, -1, index)
    return moved


def _carrier(lines: int, width: int, number: int) -> tuple[Tensor, Tensor]:
    """Sine and cosine of the subcarrier over the field of that number, counted from the reel's start: 227.5 cycles to
    the line and 119437.5 to the frame, so that it is the same again after four fields. The two fields of a frame lie
    262 lines apart."""
    turns = torch.arange(width) * (SUBCARRIER / SAMPLE_RATE)
    phase = turns[None] + 0.5 * torch.arange(lines)[:, None] + 0.5 * (number // 2)
    return torch.sin(2 * pi * phase), torch.cos(2 * pi * phase)
