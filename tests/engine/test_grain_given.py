"""The grain of a finished master is found again from its source, and an AV1 copy carries it instead of coding it."""

from itertools import pairwise
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from torch import Tensor

from restoration.engine import pipeline
from restoration.engine.encoding import renditions
from restoration.engine.encoding.carried import Carried
from restoration.engine.facts import AnalysisReport, Recommendation, Shot
from restoration.engine.grain_given import grain_given
from restoration.engine.settings import (
    FieldsSettings,
    GrainSettings,
    NoiseSettings,
    Override,
    Settings,
    UpscaleSettings,
)
from tests import clips

TALL, WIDE = 192, 256


def settings(amount: float) -> Settings:
    return Settings(noise=NoiseSettings(enabled=True, radius=1), upscale=UpscaleSettings(height=TALL, method="filters"),
                    grain=GrainSettings(amount=amount))


def report(source: Path, *cuts: int) -> AnalysisReport:
    facts = pipeline.inspect(source)
    shots = tuple(Shot(index=index, start=start, end=end, noise_luma=0.02, noise_chroma=0.02)
                  for index, (start, end) in enumerate(pairwise([0, *cuts, facts.frames])))
    return AnalysisReport(engine="test", source=facts, shots=shots,
                          recommendation=Recommendation(preset="as-is", settings=Settings(), reasons=()))


def film(folder: Path, frames: int = 6) -> Path:
    clip: Tensor = torch.cat([clips.noisy(clips.scene(frames // 2, (128, 96), seed), 0.02, 0.02) for seed in (0, 1)])
    return clips.write(folder / "film.mkv", clip, clips.NTSC, pixel_format="yuv422p10le")


def shown(path: Path, **options: str) -> np.ndarray:
    with av.open(str(path)) as container:
        container.streams.video[0].codec_context.options = options
        return np.stack([frame.to_ndarray()[:TALL] for frame in container.decode(video=0)]).astype(np.float64)


def codes(path: Path, carried: Carried | None = None) -> np.ndarray:
    """Luma of a master in its ten bits."""
    with av.open(str(path)) as container:
        pictures = container.decode(video=0)
        return np.stack([np.frombuffer(bytes(picture.planes[0]), np.uint16).reshape(TALL, -1)[:, :WIDE]
                         for picture in (carried.taken_off(pictures) if carried else pictures)]).astype(np.float64)


def test_a_copy_shows_the_masters_grain_over_the_picture_without_it(tmp_path: Path) -> None:
    source, told = film(tmp_path), report(film(tmp_path), 3)
    for amount in (0.8, 0.0):
        pipeline.restore(source, tmp_path / f"{amount}.mkv", settings(amount), workdir=tmp_path / "work", report=told)
    given = grain_given(source, told, settings(0.8))
    assert [(grain.frames, grain.first, grain.seed) for grain in given] == [(range(3), 0, 0), (range(3, 6), 3, 3)]
    smooth, master = codes(tmp_path / "0.0.mkv"), codes(tmp_path / "0.8.mkv")
    assert np.abs(codes(tmp_path / "0.8.mkv", Carried(given, TALL)) - smooth).max() <= 2
    renditions.render("av1", tmp_path / "0.8.mkv", tmp_path / "copy.mp4", grain=given)
    made = shown(tmp_path / "copy.mp4") - shown(tmp_path / "copy.mp4", filmgrain="0")
    assert made.std() == pytest.approx((master - smooth).std(), rel=0.2)


def test_shots_without_grain_and_pictures_of_fields_are_not_told_of(tmp_path: Path) -> None:
    source = film(tmp_path)
    told, chosen = report(source, 3), settings(0.8)
    only_second = chosen.model_copy(update={"overrides": (
        Override(start=0, end=3, changes={"grain": {"amount": 0.0}}),)})
    assert [grain.frames for grain in grain_given(source, told, only_second)] == [range(3, 6)]
    assert grain_given(source, told, settings(0.0)) == ()
    interlaced = told.model_copy(update={"source": told.source.model_copy(update={"scan": "interlaced"})})
    assert grain_given(source, interlaced, chosen.model_copy(update={"fields": FieldsSettings(method="none")})) == ()
