"""How much nearer to the truth noise reduction brings a noisy clip, beside FFmpeg's temporal filters.

    python -m benchmarks.noise CLIP [CLIP ...] [--sigma 5 10] [--frames 12]

White noise of a known sigma (of 255) is added to each plane of a clip at 720x480, chroma's smoothed to half its
bandwidth and brought back to sigma, as tape's is. PSNR of luma in dB over all frames but the outermost two. hqdn3d and
atadenoise run at FFmpeg's defaults and at a strength suited to the sigma (the better counts); they need the ffmpeg of
imageio-ffmpeg.
"""

import argparse
import subprocess
import time
from fractions import Fraction
from pathlib import Path

import imageio_ffmpeg
import numpy as np
import torch
from torch import Tensor

from benchmarks.fields import COLOR, SIZE, moments
from restoration.engine.compute.device import settle
from restoration.engine.compute.local import binomial
from restoration.engine.frames import Frame
from restoration.engine.repair.noise import reduce_noise
from restoration.engine.settings import NoiseSettings
from restoration.engine.stage import ShotContext


def noisy(truth: list[Tensor], sigma: float) -> list[Tensor]:
    dice = torch.Generator().manual_seed(7)
    made = []
    for planes in truth:
        noise = torch.randn(planes.shape, generator=dice)
        slow = binomial(binomial(noise[1:]))
        noise[1:] = slow / slow.std()
        made.append(planes + noise * sigma / 255)
    return made


def by_patina(frames: list[Tensor], sigma: float, settings: NoiseSettings) -> list[Tensor]:
    context = ShotContext(Fraction(60000, 1001), Fraction(10, 11), noise_sigma=(sigma / 255, sigma / 255))
    given = (Frame(planes, index, COLOR) for index, planes in enumerate(frames))
    return [frame.planes for frame in reduce_noise(settings, context)(given)]


def by_ffmpeg(frames: list[Tensor], filters: str) -> list[Tensor]:
    width, height = SIZE
    raw = b"".join(((planes[0] * 65535).round().clamp(0, 65535)).numpy().astype("<u2").tobytes() for planes in frames)
    shape = ["-f", "rawvideo", "-pix_fmt", "gray16le", "-s", f"{width}x{height}", "-r", "30"]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *shape, "-i", "-", "-vf",
               f"format=yuv444p10le,{filters},format=gray16le", "-f", "rawvideo", "-"]
    out = subprocess.run(command, input=raw, capture_output=True, check=True).stdout
    luma = np.frombuffer(out, "<u2").astype(np.float32).reshape(-1, 1, height, width) / 65535
    return list(torch.from_numpy(luma))


def psnr(made: list[Tensor], truth: list[Tensor]) -> float:
    each = [-10 * np.log10((a[0] - b[0]).double().square().mean().item())
            for a, b in zip(made[2:-2], truth[2:-2], strict=True)]
    return float(np.mean(each))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--sigma", nargs="+", type=float, default=[5.0, 10.0])
    parser.add_argument("--frames", type=int, default=12)
    parser.add_argument("--skip", type=int, default=0)
    parser.add_argument("--alone", action="store_true", help="leave FFmpeg out")
    chosen = parser.parse_args()
    settle()
    print("| clip | sigma | noisy | hqdn3d | atadenoise | Patina | Patina at 1.0 | CPU ms per frame |\n"
          "|---|---|---|---|---|---|---|---|")
    for clip in chosen.clips:
        truth = [planes.float() / 65535 for planes in moments(clip, chosen.frames, chosen.skip)]
        for sigma in chosen.sigma:
            damaged = noisy(truth, sigma)
            began = time.process_time()
            ours = psnr(by_patina(damaged, sigma, NoiseSettings(enabled=True)), truth)
            spent = (time.process_time() - began) / len(truth)
            most = psnr(by_patina(damaged, sigma, NoiseSettings(enabled=True, luma=1, chroma=1)), truth)
            theirs = [] if chosen.alone else [
                max(psnr(by_ffmpeg(damaged, f), truth) for f in ("hqdn3d", f"hqdn3d={sigma * 0.6}:0:{sigma}:0")),
                max(psnr(by_ffmpeg(damaged, f), truth) for f in (
                    "atadenoise", f"atadenoise=0a={sigma / 100}:0b={sigma / 50}:s=5"))]
            columns = " | ".join(f"{value:.2f}" for value in (psnr(damaged, truth), *theirs, ours, most))
            print(f"| {clip.stem} | {sigma:g} | {columns} | {spent * 1000:.0f} |")


if __name__ == "__main__":
    main()
