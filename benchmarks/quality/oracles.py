"""The filters of the ffmpeg that imageio-ffmpeg carries, on the very pictures that Patina is given.

Pictures go through pipes as raw 16-bit 4:4:4 in limited range, so that a filter's own thresholds mean what they mean
on video and nothing is clipped. A filter that takes fewer bits or halved colour gets what ffmpeg itself converts them
to, and the result says so. Frames that hold two moments are flagged with their order.
"""

import os
import re
import subprocess
import tempfile
from dataclasses import dataclass
from pathlib import Path

import imageio_ffmpeg
import numpy as np
from torch import Tensor

from benchmarks.quality.case import Oracle
from benchmarks.quality.truth import planes_of, samples_of

FORMAT = "yuv444p16le"
ROOT = Path(__file__).resolve().parents[2]
_CONVERTED = re.compile(r"-> w:\d+ h:\d+ fmt:(\w+)")


class CannotRun(Exception):
    """A filter that this ffmpeg does not run; the text says why."""


@dataclass(frozen=True, slots=True)
class Answer:
    """What an oracle made of a clip, [T, 3, H, W]; in which pixel format it worked; CPU seconds of all its frames."""

    planes: Tensor
    works_in: str
    seconds: float


def ask(oracle: Oracle, values: dict[str, str], clip: Tensor, order: str | None = None) -> Answer:
    """The oracle's answer to clip [T, 3, H, W] on the scale of Frame.planes. Raises CannotRun."""
    with tempfile.TemporaryDirectory() as folder:
        filled = {"file": str(Path(folder) / "pass"), "weights": str(_weights()), "order": order or "tff", **values}
        flagged = f"setfield={order}," if order else ""
        if oracle.first:
            _run(flagged + oracle.first.format(**filled), clip)
        return _run(flagged + oracle.chain.format(**filled), clip)


def _weights() -> Path:
    """nnedi's table is not in ffmpeg: it comes with vapoursynth-znedi3, and NNEDI_WEIGHTS may say where it lies."""
    return Path(os.environ.get("NNEDI_WEIGHTS", ROOT / "var" / "benchmarks" / "nnedi3_weights.bin"))


def _run(chain: str, clip: Tensor) -> Answer:
    height, width = clip.shape[-2:]
    raw = ["-f", "rawvideo", "-pix_fmt", FORMAT]
    command = [imageio_ffmpeg.get_ffmpeg_exe(), "-hide_banner", "-v", "verbose", "-filter_threads", "1",
               *raw, "-s", f"{width}x{height}", "-r", "30000/1001", "-color_range", "tv", "-i", "-",
               "-vf", f"{chain},format={FORMAT}", "-sws_flags", "bicubic+accurate_rnd+full_chroma_int",
               "-sws_dither", "none", "-fps_mode", "passthrough", *raw, "-"]
    before = os.times()
    done = subprocess.run(command, input=samples_of(clip).tobytes(), capture_output=True)
    after = os.times()
    said = done.stderr.decode(errors="replace")
    if done.returncode or not done.stdout:
        raise CannotRun(_reason(said))
    samples = np.frombuffer(done.stdout, "<u2").reshape(-1, 3, height, width)
    spent = after.children_user + after.children_system - before.children_user - before.children_system
    return Answer(planes_of(samples), _format(said), spent)


def _format(said: str) -> str:
    formats = _CONVERTED.findall(said)
    return formats[0] if formats else FORMAT


def _reason(said: str) -> str:
    lines = [line for line in said.splitlines() if re.search(r"(?i)error|invalid|no such|not found|unable", line)]
    text = lines[0] if lines else "ffmpeg gave no frame"
    return re.sub(r"\[[^\]]*@ 0x[0-9a-f]+\] ", "", text)[:160]
