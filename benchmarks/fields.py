"""How near frames made of fields come to the truth, beside FFmpeg's bwdif.

    python -m benchmarks.fields CLIP [CLIP ...] [--frames 48]

Each progressive frame of a clip, brought to 720x480, is one moment; every moment keeps one field, alternating, and two
fields make one interlaced frame. Both deinterlacers must give the moments back. PSNR of luma in dB over all moments,
16 bits, the whole picture; "worst" is the worst single moment's loss against bwdif.
"""

import argparse
import time
from collections.abc import Iterator
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import torch
from torch import Tensor

from restoration.engine.compute.device import settle
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.repair.fields import frames_from_fields
from restoration.engine.settings import FieldsSettings
from restoration.engine.stage import ShotContext

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SIZE = (720, 480)


def moments(clip: Path, count: int, skip: int = 0) -> list[Tensor]:
    """16-bit YUV 4:4:4 moments, int32 [3, 480, 720]."""
    found: list[Tensor] = []
    with av.open(str(clip)) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if index < skip:
                continue
            shaped = frame.reformat(width=SIZE[0], height=SIZE[1], format="yuv444p16le", interpolation="AREA")
            found.append(torch.from_numpy(shaped.to_ndarray().astype(np.int32).transpose(2, 0, 1).copy()))
            if len(found) == count:
                break
    return found[:len(found) // 2 * 2]


def interlaced(whole: list[Tensor]) -> list[Tensor]:
    """Top field of the even moments, bottom field of the odd ones."""
    woven = []
    for top, bottom in zip(whole[::2], whole[1::2], strict=True):
        frame = top.clone()
        frame[:, 1::2] = bottom[:, 1::2]
        woven.append(frame)
    return woven


def by_patina(frames: list[Tensor]) -> list[Tensor]:
    stage = frames_from_fields(FieldsSettings(method="frames"), ShotContext(Fraction(30000, 1001), Fraction(10, 11)))
    given: Iterator[Frame] = (Frame(f.float() / 65535, i, COLOR, "tff") for i, f in enumerate(frames))
    return [(frame.planes * 65535).round().clamp(0, 65535).int() for frame in stage(given)]


def by_ffmpeg(frames: list[Tensor], name: str = "bwdif", settings: str = "mode=send_field:parity=tff:deint=all"
              ) -> list[Tensor]:
    graph = av.filter.Graph()
    source = graph.add_buffer(width=SIZE[0], height=SIZE[1], format=av.VideoFormat("yuv444p16le"),
                              time_base=Fraction(1, 30))
    step, sink = graph.add(name, settings), graph.add("buffersink")
    source.link_to(step)
    step.link_to(sink)
    graph.configure()
    made: list[Tensor] = []

    def drain() -> None:
        while True:
            try:
                frame = graph.pull()
            except (av.BlockingIOError, av.EOFError):
                return
            made.append(torch.from_numpy(frame.to_ndarray().astype(np.int32).transpose(2, 0, 1).copy()))

    for index, planes in enumerate(frames):
        samples = np.ascontiguousarray(planes.numpy().transpose(1, 2, 0).astype(np.uint16))
        frame = av.VideoFrame.from_ndarray(samples, format="yuv444p16le")
        frame.pts, frame.time_base = index, Fraction(1, 30)
        graph.push(frame)
        drain()
    graph.push(None)
    drain()
    return made


def psnr(made: Tensor, truth: Tensor) -> float:
    error = (made[0] - truth[0]).double().square().mean().item()
    return 99.0 if error == 0 else float(10 * np.log10(65535 ** 2 / error))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("clips", nargs="+", type=Path)
    parser.add_argument("--frames", type=int, default=48, help="moments of each clip")
    parser.add_argument("--skip", type=int, default=0, help="moments passed over at the start")
    chosen = parser.parse_args()
    settle()
    print("| clip | moments | bwdif | Patina | gain | worst | CPU ms per moment |\n|---|---|---|---|---|---|---|")
    for clip in chosen.clips:
        truth = moments(clip, chosen.frames, chosen.skip)
        woven = interlaced(truth)
        began = time.process_time()
        ours = by_patina(woven)
        spent = (time.process_time() - began) / len(truth)
        theirs = by_ffmpeg(woven)
        pairs = [(psnr(a, t), psnr(b, t)) for a, b, t in zip(ours, theirs, truth, strict=True)]
        mean = [sum(column) / len(pairs) for column in zip(*pairs, strict=True)]
        worst = min(a - b for a, b in pairs)
        print(f"| {clip.stem} | {len(truth)} | {mean[1]:.2f} | {mean[0]:.2f} | {mean[0] - mean[1]:+.2f} | {worst:+.2f} "
              f"| {spent * 1000:.0f} |")


if __name__ == "__main__":
    main()
