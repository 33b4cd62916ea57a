"""Sound in its place in time, and its outline."""

from collections.abc import Iterator
from fractions import Fraction
from typing import Any

import av
import numpy as np

SAMPLE_RATE = 48000
TOLERATED_GAP = SAMPLE_RATE // 20
LONGEST_SILENCE = SAMPLE_RATE * 600
BLOCK = SAMPLE_RATE // 50
POINTS = 600


class SoundTrack:
    """Stereo at 48 kHz that begins with the first picture: what comes before is cut, gaps are filled with silence."""

    def __init__(self, beginning: Fraction) -> None:
        self._beginning = beginning
        self._resampler = av.AudioResampler(format="fltp", layout="stereo", rate=SAMPLE_RATE)
        self._written = 0

    def place(self, frame: av.AudioFrame) -> Iterator[av.AudioFrame]:
        for even in self._resampler.resample(frame):
            samples = even.to_ndarray()
            if even.pts is not None and even.time_base is not None:
                moment = even.pts * Fraction(even.time_base) - self._beginning
                samples = self._in_place(samples, round(moment * SAMPLE_RATE))
            if samples.shape[1]:
                yield self._next(samples)

    def _in_place(self, samples: np.ndarray, start: int) -> np.ndarray:
        gap = start - self._written
        if gap > TOLERATED_GAP:
            silence = np.zeros((2, min(gap, LONGEST_SILENCE)), samples.dtype)
            return np.concatenate([silence, samples], axis=1)
        return samples[:, -gap:] if gap < -TOLERATED_GAP or start < 0 else samples

    def _next(self, samples: np.ndarray) -> av.AudioFrame:
        frame = av.AudioFrame.from_ndarray(np.ascontiguousarray(samples), format="fltp", layout="stereo")
        frame.sample_rate, frame.pts, frame.time_base = SAMPLE_RATE, self._written, Fraction(1, SAMPLE_RATE)
        self._written += samples.shape[1]
        return frame


class Waveform:
    """The loudest sample of every fiftieth of a second, drawn as one outline at the end."""

    def __init__(self) -> None:
        self.peaks: list[float] = []

    def listen(self, frame: av.AudioFrame) -> None:
        loud = np.abs(frame.to_ndarray()).max(axis=0)
        for start in range(0, loud.size, BLOCK):
            self.peaks.append(float(loud[start:start + BLOCK].max()))

    def as_json(self) -> dict[str, Any]:
        """`peaks`: 0..1, at most 600 of them; `path`: the same as an SVG path in a box of `width` × 100."""
        parts = np.array_split(np.array(self.peaks), min(POINTS, len(self.peaks)))
        peaks = [round(min(float(part.max()), 1.0), 3) for part in parts]
        upper = [f"{at},{50 - peak * 50:.1f}" for at, peak in enumerate(peaks)]
        lower = [f"{at},{50 + peak * 50:.1f}" for at, peak in reversed(list(enumerate(peaks)))]
        return {"peaks": peaks, "width": len(peaks), "height": 100, "path": f"M{' L'.join([*upper, *lower])} Z"}
