"""The whole chain together, on a tape and on a film that have everything at once."""

import torch
from torch import Tensor
from torch.nn.functional import avg_pool2d

from benchmarks.quality.case import Case, Oracle
from restoration.engine.ageing import Aged
from restoration.engine.ageing.composite import Tape, field_of, interlace, play
from restoration.engine.ageing.film import dust, scratches
from restoration.engine.ageing.gate import weave
from restoration.engine.ageing.lamp import flicker
from restoration.engine.settings import (
    BlotchesSettings,
    CrosscolorSettings,
    DropoutsSettings,
    FieldsSettings,
    FlickerSettings,
    LineJitterSettings,
    NoiseSettings,
    ScratchesSettings,
    Settings,
    SoftnessSettings,
    WeaveSettings,
)

_WINDOW = (480, 320)
# A worn tape of a telecined or trembling picture; the colour lies where it belongs, for that is set by hand per reel.
WORN = Tape(chroma_delay=0.0, set_up_left=0.0, dropouts_per_field=0.4, switching_lines=0)


def _played(clip: Tensor, seed: int) -> Aged:
    """Moments that tremble, recorded as 480i composite: narrow bands, crosstalk, noise, dropouts, trembling lines. The
    truth is the moments themselves, all their detail kept: what the tape never held counts as damage."""
    trembling = weave(clip[:len(clip) // 2 * 2], seed, drift=0.0)
    dice = torch.Generator().manual_seed(seed)
    fields = [play(field_of(moment, number % 2), number, WORN, dice)
              for number, moment in enumerate(trembling.clip)]
    frames = torch.stack([interlace(one, two, "tff") for one, two in zip(fields[::2], fields[1::2], strict=True)])
    return Aged(frames, trembling.truth, None, "tff")


def _for_tape(aged: Aged) -> Settings:
    return Settings(crosscolor=CrosscolorSettings(enabled=True), linejitter=LineJitterSettings(enabled=True),
                    dropouts=DropoutsSettings(enabled=True), fields=FieldsSettings(method="frames"),
                    weave=WeaveSettings(enabled=True), noise=NoiseSettings(enabled=True),
                    softness=SoftnessSettings(enabled=True))


TAPE = Case(
    name="whole-tape", title="A whole tape: composite, noise, dropouts, trembling", age=_played, settings=_for_tape,
    noise_sigma=None, frames=16, size=_WINDOW,
    oracles=(
        Oracle("bwdif alone", "bwdif=mode=send_field:parity={order}:deint=all"),
        Oracle("dedot, bwdif, hqdn3d", "dedot,bwdif=mode=send_field:parity={order}:deint=all,hqdn3d={s}",
               tuple({"s": s} for s in ("2:3:4:6", "4:6:8:12", "8:12:16:24"))),
        Oracle("dedot, bwdif, nlmeans", "dedot,bwdif=mode=send_field:parity={order}:deint=all,nlmeans=s={s}:p=7:r=9",
               tuple({"s": s} for s in ("1.5", "2.5", "4"))),
        Oracle("dedot, bwdif, vidstab, fftdnoiz",
               "dedot,bwdif=mode=send_field:parity={order}:deint=all,vidstabtransform=input={file}:smoothing={n}:"
               "optzoom=0:interpol=bicubic,fftdnoiz=sigma={s}:prev=1:next=1",
               tuple({"n": n, "s": s} for n in ("4", "10") for s in ("4", "8")),
               first="bwdif=mode=send_field:parity={order}:deint=all,vidstabdetect=result={file}:shakiness=2"),
    ))


def _shot_on_film(clip: Tensor, seed: int) -> Aged:
    """Grain in the emulsion, torn and dirty film, a lamp that flickers, a worn gate. The truth is the clip before."""
    grainy = clip.clone()
    grainy[:, 0] += _grain(clip[:, 0], seed)
    dirty = dust(scratches(grainy, seed).clip, seed).clip
    return Aged(weave(flicker(dirty, seed).clip, seed, drift=0.0).clip, clip)


def _grain(luma: Tensor, seed: int) -> Tensor:
    """Clumps of two pixels, 4/255 strong where the emulsion is half exposed and weaker towards both ends."""
    dice = torch.Generator().manual_seed(seed)
    clumps = avg_pool2d(torch.randn(luma.shape, generator=dice)[:, None], 3, 1, 1)[:, 0]
    return clumps / clumps.std() * (4 / 255) * (0.3 + 0.7 * (4 * luma * (1 - luma)).clamp(0, 1))


def _for_film(aged: Aged) -> Settings:
    return Settings(weave=WeaveSettings(enabled=True), flicker=FlickerSettings(enabled=True),
                    scratches=ScratchesSettings(enabled=True), blotches=BlotchesSettings(enabled=True),
                    noise=NoiseSettings(enabled=True))


# It gives no frame for the first and the last that it is shown.
_MEDIAN = "tpad=start=1:stop=1:start_mode=clone:stop_mode=clone,tmedian=radius=1"

FILM = Case(
    name="whole-film", noise_sigma=None, frames=12, size=_WINDOW,
    title="A whole film: grain, dust, scratches, flicker, weave", age=_shot_on_film, settings=_for_film,
    oracles=(
        Oracle("hqdn3d", "hqdn3d={s}", tuple({"s": s} for s in ("2:3:4:6", "4:6:8:12", "8:12:16:24"))),
        Oracle("deflicker, hqdn3d", "deflicker=s=5:m={m},hqdn3d={s}",
               tuple({"m": m, "s": s} for m in ("am", "pm") for s in ("2:3:4:6", "4:6:8:12"))),
        Oracle("tmedian, nlmeans", _MEDIAN + ",nlmeans=s={s}:p=7:r=9",
               tuple({"s": s} for s in ("1.5", "2.5", "4"))),
        Oracle("vidstab, tmedian, fftdnoiz",
               "vidstabtransform=input={file}:smoothing={n}:optzoom=0:interpol=bicubic," + _MEDIAN +
               ",fftdnoiz=sigma={s}:prev=1:next=1", tuple({"n": n, "s": s} for n in ("4", "10") for s in ("4", "8")),
               first="vidstabdetect=result={file}:shakiness=2"),
    ))

CASES = (TAPE, FILM)
