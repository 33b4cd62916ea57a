"""The whole way of a tape, from worn 480i to 1080 lines, against the truth and against open chains.

    python -m benchmarks.tape --footage FOLDER [--brought FILE ...]

No footage of 2160 lines lies beside the checkout, so the truth has the lines that HD recordings have: windows of
1080x720, of which the tape holds 480x320, as 480 lines are to 1080. The moments are brought to the tape's raster by
averaging areas and recorded as worn 480i composite (the case whole-tape of benchmarks.quality, without its trembling
gate). PSNR of luma, VMAF 0.6.1 and its variant NEG, which gives no credit for sharpening (Li et al. 2020), against the
moments themselves. Every open chain has several strengths and is shown with the one that serves it best on each clip;
it ends with Lanczos. Those behind bwdif are also shown sharpened by `unsharp` before that, once each with the strengths
that bring the most PSNR, the most VMAF and the most NEG. With --brought the best of the unsharpened on each
clip is also enlarged by each network of others (Real-ESRGAN) that lies in a FILE.
"""

import argparse
import hashlib
import json
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from fractions import Fraction
from functools import partial
from operator import itemgetter
from pathlib import Path
from statistics import mean
from typing import NamedTuple

import av
import imageio_ffmpeg
import torch
from torch import Tensor
from torch.nn.functional import adaptive_avg_pool2d

from benchmarks.quality.case import Oracle
from benchmarks.quality.cases.whole import WORN
from benchmarks.quality.mending import facts_of, frames_of, measured_noise
from benchmarks.quality.oracles import ask
from benchmarks.quality.truth import planes_of, samples_of
from restoration.engine import chain
from restoration.engine.ageing.composite import field_of, interlace, play
from restoration.engine.compute.device import settle
from restoration.engine.compute.resample import resize
from restoration.engine.facts import Shot
from restoration.engine.media.color import from_rgb, to_rgb
from restoration.engine.metrics import psnr
from restoration.engine.networks.brought.running import Tiled, enlarging, keep
from restoration.engine.settings import (
    CrosscolorSettings,
    DropoutsSettings,
    FieldsSettings,
    LineJitterSettings,
    MasterSettings,
    NoiseSettings,
    Settings,
    SoftnessSettings,
    UpscaleSettings,
)

LARGE, SMALL = (1080, 720), (480, 320)
MATRIX = "smpte170m"
_MOMENTS = 8
_ORDER = "tff"
_CLIPS = (("person and fast dog", "good/dog_park_720p30.mp4", 30), ("street", "good/hd_street_1080p.mp4", 20),
          ("face at a desk", "good/face_office_720p.mp4", 0), ("concert", "good/stage_concert_720p.mp4", 100))

PATINA = Settings(
    crosscolor=CrosscolorSettings(enabled=True), linejitter=LineJitterSettings(enabled=True),
    dropouts=DropoutsSettings(enabled=True), fields=FieldsSettings(method="frames", order=_ORDER),
    noise=NoiseSettings(enabled=True), softness=SoftnessSettings(enabled=True),
    upscale=UpscaleSettings(height=LARGE[1], method="filters"), master=MasterSettings(matrix="bt601"))
_BOB = {"bwdif": "bwdif=mode=send_field:parity={order}:deint=all", "nnedi": "nnedi=weights={weights}:field=tf"}
_CLEAN = {"hqdn3d": ("2:3:4:6", "4:6:8:12"), "nlmeans": ("s=1.5:p=7:r=9", "s=2.5:p=7:r=9", "s=4:p=7:r=9"),
          "fftdnoiz": ("sigma=4:prev=1:next=1", "sigma=8:prev=1:next=1")}
_MODELS = r"version=vmaf_v0.6.1\:name=vmaf|version=vmaf_v0.6.1neg\:name=neg"
_SHARPEN = ("0.25", "0.5", "1.0", "1.5")


class Score(NamedTuple):
    psnr: float
    vmaf: float
    neg: float


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--footage", type=Path, required=True)
    parser.add_argument("--brought", type=Path, nargs="*", default=[], help="weights of enlarging networks of others")
    chosen = parser.parse_args()
    settle()
    if not (chosen.footage / _CLIPS[0][1]).is_file():
        print(f"The recordings are not here: {chosen.footage / _CLIPS[0][1]}.", file=sys.stderr)
        return 2
    brought = [_brought(path) for path in chosen.brought]
    scores: dict[str, list[Score]] = {}
    with torch.no_grad():
        for name, file, skip in _CLIPS:
            for who, score in _scored(_moments(chosen.footage / file, skip), brought):
                print(f"{name}: {who} {score.psnr:.2f} dB, VMAF {score.vmaf:.1f}, NEG {score.neg:.1f}",
                      file=sys.stderr, flush=True)
                scores.setdefault(who, []).append(score)
    print("| chain | PSNR of luma, dB | VMAF | VMAF NEG |\n|---|---|---|---|")
    for who, each in scores.items():
        psnrs, vmafs, negs = zip(*each, strict=True)
        print(f"| {who} | {mean(psnrs):.2f} | {mean(vmafs):.1f} | {mean(negs):.1f} |")
    return 0


def _scored(truth: Tensor, brought: Sequence[Tiled]) -> Iterator[tuple[str, Score]]:
    tape = _recorded(adaptive_avg_pool2d(truth, SMALL[::-1]))
    yield "Patina", _score(_restored(tape, PATINA), truth)
    yield "Patina, enlarged by its network", _score(_restored(tape, PATINA.model_copy(
        update={"upscale": UpscaleSettings(height=LARGE[1])})), truth)
    yield "Patina, as soft as the tape", _score(_restored(tape, PATINA.model_copy(
        update={"softness": SoftnessSettings()})), truth)
    nearest, taken = 0.0, tape
    for bob, bobbed in _BOB.items():
        for clean, strengths in _CLEAN.items():
            filtered = [f"dedot,{bobbed},{clean}={strength}" for strength in strengths]
            scored = [(_score(resize(one, *LARGE), truth), one) for one in map(partial(_asked, tape), filtered)]
            score, best = max(scored, key=lambda each: each[0].psnr)
            yield f"dedot, {bob}, {clean}, Lanczos", score
            nearest, taken = max((nearest, taken), (score.psnr, best), key=lambda each: each[0])
            if bob == "bwdif":
                yield from _sharpened(f"dedot, {bob}, {clean}, unsharp, Lanczos", tape, filtered, truth)
    for each in brought:
        yield f"the best of these, {each.network.architecture.name}", _score(_by_others(taken, each), truth)


def _sharpened(who: str, tape: Tensor, filtered: Sequence[str], truth: Tensor) -> Iterator[tuple[str, Score]]:
    scores = [_score(resize(_asked(tape, f"{each},unsharp=5:3:{strength}"), *LARGE), truth)
              for each in filtered for strength in _SHARPEN]
    for place, measure in enumerate(("PSNR", "VMAF", "NEG")):
        yield f"{who}, for {measure}", max(scores, key=itemgetter(place))


def _asked(tape: Tensor, filters: str) -> Tensor:
    return ask(Oracle(filters, filters), {}, tape, _ORDER).planes


def _restored(tape: Tensor, settings: Settings) -> Tensor:
    luma, chroma = measured_noise(tape, _ORDER)
    shot = Shot(index=0, start=0, end=len(tape), noise_luma=luma, noise_chroma=chroma)
    facts = facts_of(tape, _ORDER).model_copy(update={"pixel_aspect": Fraction(1)})
    stages = chain.stages(settings, facts, shot)
    return torch.stack([frame.planes for frame in chain.through(frames_of(tape, _ORDER), stages)])


def _recorded(moments: Tensor) -> Tensor:
    dice = torch.Generator().manual_seed(2001)
    fields = [play(field_of(moment, number % 2), number, WORN, dice) for number, moment in enumerate(moments)]
    return torch.stack([interlace(one, two, _ORDER) for one, two in zip(fields[::2], fields[1::2], strict=True)])


def _by_others(clip: Tensor, brought: Tiled) -> Tensor:
    larger = [from_rgb(brought(to_rgb(planes, MATRIX)), MATRIX) for planes in clip]
    return torch.stack([resize(planes, *LARGE) for planes in larger])


def _brought(path: Path) -> Tiled:
    digest = hashlib.sha256(path.read_bytes()).hexdigest()
    keep(digest, path)
    return enlarging(digest)


def _moments(path: Path, skip: int) -> Tensor:
    """[T, 3, 720, 1080], a window from the middle."""
    found: list[Tensor] = []
    with av.open(str(path)) as container:
        for index, frame in enumerate(container.decode(video=0)):
            if index >= skip:
                shaped = frame.reformat(format="yuv444p16le", dst_colorspace="ITU601", dst_color_range="MPEG")
                whole = planes_of(shaped.to_ndarray().transpose(2, 0, 1))
                top, left = (whole.shape[1] - LARGE[1]) // 2, (whole.shape[2] - LARGE[0]) // 2
                found.append(whole[:, top:top + LARGE[1], left:left + LARGE[0]])
            if len(found) == _MOMENTS:
                break
    return torch.stack(found)


def _score(made: Tensor, truth: Tensor) -> Score:
    return Score(psnr(made[:, 0].clamp(0, 1), truth[:, 0].clamp(0, 1)), *_vmaf(made, truth))


def _vmaf(made: Tensor, truth: Tensor) -> tuple[float, float]:
    """The means over the moments, by ffmpeg's libvmaf: as it is, and without credit for sharpening."""
    with tempfile.TemporaryDirectory() as folder:
        inputs: list[str] = []
        for name, clip in (("made", made), ("truth", truth)):
            (Path(folder) / name).write_bytes(samples_of(clip).tobytes())
            inputs += ["-f", "rawvideo", "-pix_fmt", "yuv444p16le", "-s", f"{LARGE[0]}x{LARGE[1]}", "-r", "60",
                       "-i", str(Path(folder) / name)]
        said = Path(folder) / "vmaf.json"
        compared = (f"[0:v]format=yuv420p[a];[1:v]format=yuv420p[b];[a][b]libvmaf=log_fmt=json:log_path={said}:"
                    f"model='{_MODELS}'")
        subprocess.run([imageio_ffmpeg.get_ffmpeg_exe(), "-v", "error", *inputs, "-lavfi", compared, "-f", "null", "-"],
                       check=True)
        pooled = json.loads(said.read_text())["pooled_metrics"]
        return float(pooled["vmaf"]["mean"]), float(pooled["neg"]["mean"])


if __name__ == "__main__":
    sys.exit(main())
