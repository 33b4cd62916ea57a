"""Blocks and ringing of coarse JPEG, MPEG-2 and H.264, made by the real coders."""

from torch import Tensor

from benchmarks.quality.case import Age, Case, Oracle
from restoration.engine.ageing import Aged
from restoration.engine.ageing.compression import h264, jpeg, mpeg2
from restoration.engine.settings import BlockingSettings, Settings

_WINDOW = (480, 320)


def _jpeg(quality: int) -> Age:
    return lambda clip, seed: jpeg(clip, seed, quality=quality)


def _mpeg2(bits_per_pixel: float) -> Age:
    return lambda clip, seed: mpeg2(clip, seed, bits_per_pixel=bits_per_pixel)


def _steps(aged: Aged) -> float:
    """How much higher, in 1/255, the damage's steps are between blocks than within them, on the grid of the coder."""
    damage = (aged.clip - aged.truth)[:, 0]
    steps = (damage[..., 1:] - damage[..., :-1]).abs().mean((0, 1))
    at = (steps.new_tensor(range(len(steps))) % 8) == 7
    return float(255 * (steps[at].mean() - steps[~at].mean()))


def _settings(aged: Aged) -> Settings:
    return Settings(blocking=BlockingSettings(enabled=True))


_ORACLES = (
    Oracle("fspp", "fspp=quality=4:qp={qp}:strength={strength}",
           tuple({"qp": qp, "strength": strength} for qp, strength in (
               ("5", "0"), ("8", "0"), ("8", "10"), ("16", "0")))),
    Oracle("spp", "spp=quality=5:qp={qp}:mode={mode}",
           tuple({"qp": qp, "mode": mode} for qp, mode in (
               ("8", "soft"), ("12", "soft"), ("16", "hard"), ("28", "hard"), ("40", "hard")))),
    Oracle("uspp", "uspp=quality=3:qp={qp}", tuple({"qp": qp} for qp in ("5", "8", "11"))),
    Oracle("deblock", "deblock=filter={filter}:block=8:alpha={a}:beta={b}:gamma={b}:delta={b}",
           tuple({"filter": how, "a": a, "b": b} for how, a, b in (
               ("weak", "0.098", "0.05"), ("weak", "0.2", "0.1"),
               ("strong", "0.098", "0.05"), ("strong", "0.2", "0.1")))),
    Oracle("nlmeans", "nlmeans=s={s}:p=7:pc=5:r=11", tuple({"s": s} for s in ("2.0", "3.5", "5.5", "8.0"))),
    Oracle("dctdnoiz", "format=gbrp,dctdnoiz=s={s}:n=3:overlap=6", tuple({"s": s} for s in ("6", "10", "16"))),
)


def _case(name: str, title: str, age: Age, others: tuple[Age, ...], *, detects: str | None) -> Case:
    return Case(name=f"blocking-{name}", title=title, age=age, settings=_settings, oracles=_ORACLES, detects=detects,
                others=others, amount=_steps, frames=8, size=_WINDOW)


def _h264(clip: Tensor, seed: int) -> Aged:
    return h264(clip, seed, quantiser=38)


CASES = (
    _case("jpeg", "Blocks of JPEG", _jpeg(12), (_jpeg(6), _jpeg(25)), detects="blocking"),
    _case("mpeg2", "Blocks of MPEG-2", _mpeg2(0.04), (_mpeg2(0.025), _mpeg2(0.08)), detects="blocking"),
    # Its own loop filter leaves hardly a grid to be found.
    _case("h264", "Smear of H.264", _h264, (), detects=None),
)
