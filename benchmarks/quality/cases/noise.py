"""White noise of a known sigma on colour, as denoisers are compared in papers, and the noise of a tape."""

import torch
from torch import Tensor

from benchmarks.quality.case import Age, Case, Oracle
from benchmarks.quality.truth import MATRIX
from restoration.engine.ageing import Aged
from restoration.engine.ageing.composite import TAPE, chroma_noise, luma_noise
from restoration.engine.media.color import mix, to_rgb_matrix
from restoration.engine.settings import NoiseSettings, Settings

SIGMAS = (10, 20, 30, 40, 50)
_WINDOW = (360, 240)


def _told(sigma: float) -> tuple[float, float]:
    """What independent noise of sigma (of 255) on R'G'B' is on luma and, on average, on colour."""
    rows = to_rgb_matrix(MATRIX).inverse().square().sum(1).sqrt() * sigma / 255
    return float(rows[0]), float(rows[1:].square().mean().sqrt())


def _white(sigma: float) -> Age:
    def age(clip: Tensor, seed: int) -> Aged:
        dice = torch.Generator().manual_seed(seed)
        noise = torch.randn(clip.shape, generator=dice) * sigma / 255
        return Aged(clip + mix(noise, to_rgb_matrix(MATRIX).inverse()), clip)

    return age


def _tape(clip: Tensor, seed: int) -> Aged:
    """A worn tape's FM noise, stronger in the dark, and the long smears of its colour."""
    dice = torch.Generator().manual_seed(seed)
    noisy = clip.clone()
    for planes, clean in zip(noisy, clip, strict=True):
        planes[0] += luma_noise(clean[0], TAPE, dice)
        planes[1:] += chroma_noise(clean, TAPE, dice)
    return Aged(noisy, clip)


def _all(aged: Aged) -> Settings:
    return Settings(noise=NoiseSettings(enabled=True, luma=1, chroma=1))


def _oracles(sigma: float) -> tuple[Oracle, ...]:
    """sigma: of luma, of 255. Each gets a ladder of strengths around what suited some of the tuning clips.

    This ffmpeg's bm3d finds no blocks alike in more than 8 bits, nor any at its own choice of thmse, and thresholds at
    a small part of the sigma it is told: it is given what makes it work.
    """
    return (
        Oracle("nlmeans", "nlmeans=s={s}:p={p}:pc={p}:r=11",
               tuple({"s": f"{k * sigma:.2f}", "p": p} for k, p in (
                   (0.35, "3"), (0.45, "3"), (0.6, "5"), (0.75, "7"), (0.95, "7")))),
        Oracle("bm3d", "format=yuv444p,bm3d=sigma={s}:block=8:bstep=4:group=16:range=9:mstep=2:thmse={t}",
               tuple({"s": f"{k * sigma:.0f}", "t": f"{128 * q * sigma ** 2:.0f}"}
                     for k, q in ((60, 0.7), (60, 1.5), (120, 0.7)))),
        Oracle("hqdn3d", "hqdn3d={s}:{s}:{t}:{t}",
               tuple({"s": f"{k * sigma:.2f}", "t": f"{2 * k * sigma:.2f}"} for k in (1.0, 1.6))),
        Oracle("atadenoise", "atadenoise=0a={a}:1a={a}:2a={a}:0b={b}:1b={b}:2b={b}:s={n}",
               tuple({"a": f"{min(0.3, k * sigma / 255):.4f}", "b": f"{min(5.0, 4 * k * sigma / 255):.4f}", "n": n}
                     for k, n in ((3.0, "5"), (4.0, "5")))),
        Oracle("fftdnoiz", "fftdnoiz=sigma={s}:block=32:overlap=0.7:prev=1:next=1",
               tuple({"s": f"{min(100.0, k * sigma):.2f}"} for k in (1.5, 2.2, 3.3))),
        Oracle("vaguedenoiser", "vaguedenoiser=threshold={s}:method={method}:percent=100",
               tuple({"s": f"{1.5 * sigma:.2f}", "method": how} for how in ("soft", "garrote"))),
    )


def _case(sigma: int) -> Case:
    told = _told(sigma)
    return Case(name=f"noise-{sigma}", title=f"White noise, σ {sigma}", age=_white(sigma), settings=_all,
                oracles=_oracles(255 * told[0]), detects="noise", noise_sigma=told, frames=10, size=_WINDOW)


CASES = (
    *(_case(sigma) for sigma in SIGMAS),
    Case(name="noise-tape", title="Noise of a tape", age=_tape, settings=_all, oracles=_oracles(5.0), detects="noise",
         noise_sigma=None, frames=10, size=_WINDOW),
)
