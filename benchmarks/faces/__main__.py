"""Faces against a known truth: portraits that move, turn and are lit, aged as a soft lens and a tape age them, repaired
of noise alone, and with their faces restored.

    python -m benchmarks.faces ../shared/training/faces      the table of docs/faces.md
    python -m benchmarks.faces ../shared/training/faces --weights FILE      with a face network of others
"""

import argparse
import os
import time
from collections.abc import Callable, Iterator
from dataclasses import replace
from fractions import Fraction
from pathlib import Path

os.environ.setdefault("OMP_WAIT_POLICY", "passive")

import numpy as np
import torch
from torch import Tensor

from benchmarks.faces.acting import Acted, acted, beside
from restoration.engine.compute.device import settle
from restoration.engine.compute.facefinding import apart, faces_in, finder, knows_marks
from restoration.engine.compute.motion import estimate, warp
from restoration.engine.compute.opencv import cv2
from restoration.engine.enhancement.faces import restore_faces
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.journal import digest_of_file
from restoration.engine.media.color import to_rgb
from restoration.engine.metrics import colour_shift, psnr, ssim
from restoration.engine.networks.brought.running import keep
from restoration.engine.repair.noise import reduce_noise
from restoration.engine.settings import FacesSettings, NoiseSettings
from restoration.engine.stage import ShotContext, Stage

SIZE, HALF, SCALE, FRAMES = (720, 480), (360, 480), 0.6, 14
COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SOFT, EVEN = (0.4, 1.6), (0.6, 0.65)
CASES: dict[str, Callable[[Tensor], Acted]] = {
    "white light, focus that wavers": lambda face: acted(face, FRAMES, SIZE, scale=SCALE, blur=SOFT),
    "blue lamp, focus that wavers": lambda face: acted(face, FRAMES, SIZE, scale=SCALE, lamp="blue", blur=SOFT),
    "red lamp, a hand passes": lambda face: acted(face, FRAMES, SIZE, scale=SCALE, lamp="red", blur=SOFT, hand=True),
    "white light, all frames alike": lambda face: acted(face, FRAMES, SIZE, scale=SCALE, blur=EVEN),
    "the head turns far, focus that wavers": lambda face: acted(face, FRAMES, SIZE, scale=SCALE, blur=SOFT, turn=0.8),
    "two faces, the right half as high": lambda face: beside(
        acted(face, FRAMES, HALF, scale=SCALE, blur=SOFT), acted(face, FRAMES, HALF, scale=0.3, blur=SOFT, seed=4)),
    "dim red lamp, much noise": lambda face: acted(face * 0.5, FRAMES, SIZE, scale=SCALE, lamp="red", blur=SOFT,
                                                   sigma=(0.04, 0.04)),
}


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("portraits", type=Path, help="a folder of photographs of faces")
    parser.add_argument("--weights", type=Path, help="a face network of others, which gets its largest part")
    chosen = parser.parse_args()
    settle()
    torch.set_grad_enabled(False)
    files = sorted(chosen.portraits.iterdir())
    settings = FacesSettings(enabled=True, strength=1)
    if chosen.weights:
        keep(digest := digest_of_file(chosen.weights), chosen.weights)
        settings = settings.model_copy(update={"weights": digest, "natural": 0.4})
    print(f"Found by {finder()}.\n")
    print("| face | as recorded | noise repaired | faces too | marks moved, at most | colour, ΔE | unsteadiness | "
          "s a frame |\n|---|---|---|---|---|---|---|---|")
    for (name, make), index in zip(CASES.items(), range(11, len(files), 17), strict=False):
        print(row(name, make(portrait(files[index])), settings), flush=True)


def portrait(path: Path) -> Tensor:
    """Planes [3, h, w] of a photograph."""
    picture = cv2.imread(str(path))
    red, green, blue = torch.from_numpy(cv2.cvtColor(picture, cv2.COLOR_BGR2RGB).astype(np.float32) / 255).unbind(-1)
    luma = 0.299 * red + 0.587 * green + 0.114 * blue
    return torch.stack([luma, (blue - luma) / 1.772, (red - luma) / 1.402])


def row(name: str, face: Acted, settings: FacesSettings) -> str:
    context = ShotContext(Fraction(25), Fraction(1), noise_sigma=face.sigma)
    repaired = through(face.aged, reduce_noise(NoiseSettings(enabled=True), context))
    began = time.process_time()
    made = through(repaired, restore_faces(settings, replace(context, noise_sigma=(0, 0))))
    seconds = (time.process_time() - began) / len(made)
    nearness = " | ".join(near(clip, face) for clip in (face.aged, repaired, made))
    moved = max((pair for frames in zip(repaired, made, strict=True) for pair in drifts(*frames)), default=None)
    shifts = [colour_shift(*(to_rgb(planes[..., box[0], box[1]].contiguous(), COLOR.matrix) for planes in pair))[1]
              for *pair, box in zip(repaired, made, boxes(face.inside), strict=True)]
    return (f"| {name} | {nearness} | {'–' if moved is None else f'{moved:.3f} px'} | {max(shifts):.2f} | "
            f"{unsteadiness(repaired, made, face):.0%} | {seconds:.2f} |")


def through(clip: Tensor, stage: Stage) -> Tensor:
    return torch.stack([frame.planes for frame in stage(Frame(planes, number, COLOR)
                                                        for number, planes in enumerate(clip))])


def near(clip: Tensor, face: Acted) -> str:
    """PSNR and SSIM of luma inside the face, all frames together and on average."""
    alike = [ssim(made[0, box[0], box[1]], true[0, box[0], box[1]])
             for made, true, box in zip(clip, face.clean, boxes(face.inside), strict=True)]
    return f"{psnr(clip[:, 0][face.inside], face.clean[:, 0][face.inside]):.2f} dB, {sum(alike) / len(alike):.3f}"


def boxes(inside: Tensor) -> Iterator[tuple[slice, slice]]:
    for each in inside:
        rows, columns = torch.where(each)
        yield slice(int(rows.min()), int(rows.max()) + 1), slice(int(columns.min()), int(columns.max()) + 1)


def drifts(before: Tensor, after: Tensor) -> Iterator[float]:
    """How far the marks of the largest face moved, where a finder knows them."""
    one, other = faces_in(before[0])[:1], faces_in(after[0])[:1]
    if knows_marks() and one and other:
        yield apart(one[0], other[0])


def unsteadiness(repaired: Tensor, made: Tensor, face: Acted) -> float:
    """What changes from frame to frame beside the true motion, of what did before."""
    sums = [0.0, 0.0]
    for number in range(1, len(made)):
        back = estimate(face.clean[number, 0], face.clean[number - 1, 0])
        for index, clip in enumerate((repaired, made)):
            rest = (clip[number, 0] - warp(clip[number - 1, 0], back)).square()
            sums[index] += float(rest[face.inside[number]].sum())
    return (sums[1] / sums[0]) ** 0.5


if __name__ == "__main__":
    main()
