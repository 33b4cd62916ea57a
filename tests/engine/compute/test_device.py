"""The same bits on one thread and on two, run after run; and on CUDA the same picture."""

import os
from collections.abc import Iterator
from dataclasses import replace
from fractions import Fraction

import pytest
import torch
from torch import Tensor

from restoration.engine.ageing.gate import weave
from restoration.engine.ageing.lamp import flicker
from restoration.engine.compute import device
from restoration.engine.compute.grain import GrainModel
from restoration.engine.enhancement.depth import set_apart
from restoration.engine.enhancement.lowlight import lift_shadows
from restoration.engine.enhancement.regrain import regrain
from restoration.engine.enhancement.retime import retime
from restoration.engine.enhancement.upscale import upscale
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.moments import Moments
from restoration.engine.repair.chromadelay import bring_colour_back
from restoration.engine.repair.crosscolor import remove_crosstalk
from restoration.engine.repair.dropouts import mend_dropouts
from restoration.engine.repair.fields import frames_from_fields
from restoration.engine.repair.flicker import FlickerTracer, calm
from restoration.engine.repair.linejitter import straighten
from restoration.engine.repair.noise import reduce_noise
from restoration.engine.repair.weave import WeaveTracer, steady
from restoration.engine.settings import (
    ChromaDelaySettings,
    CrosscolorSettings,
    DepthSettings,
    DropoutsSettings,
    FieldsSettings,
    FlickerSettings,
    GrainSettings,
    LineJitterSettings,
    LowlightSettings,
    NoiseSettings,
    RetimeSettings,
    UpscaleSettings,
    WeaveSettings,
)
from restoration.engine.specimen import Tracer, rows_of
from restoration.engine.stage import ShotContext, Trace
from tests import clips

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")


def restored(where: str = "cpu") -> Tensor:
    """All stages over a few noisy interlaced frames, wide enough for torch to share them among threads."""
    context = ShotContext(Fraction(30000, 1001), Fraction(10, 11), noise_sigma=(0.02, 0.02), seed=5)
    woven = clips.interlace(clips.noisy(clips.scene(4, (352, 240)), 0.02, 0.02)).to(where)
    texture = GrainModel(luma=(0.02,) * 8, chroma=0.02, alike=(0.4, 0.2), height=240)
    frames: Iterator[Frame] = (Frame(planes, index, COLOR, "tff") for index, planes in enumerate(woven))
    fields = replace(context, order="tff")
    for stage in (remove_crosstalk(CrosscolorSettings(enabled=True), fields),
                  straighten(LineJitterSettings(enabled=True), fields),
                  bring_colour_back(ChromaDelaySettings(across=1.5, down=1), fields),
                  mend_dropouts(DropoutsSettings(enabled=True), fields),
                  frames_from_fields(FieldsSettings(method="frames"), context),
                  steady(WeaveSettings(enabled=True), replace(context, trace=trembling_trace(WeaveTracer(), where))),
                  calm(FlickerSettings(enabled=True), replace(context, trace=trembling_trace(FlickerTracer(), where))),
                  reduce_noise(NoiseSettings(enabled=True), replace(context, noise_sigma=(0.06, 0.02))),
                  lift_shadows(LowlightSettings(enabled=True), context),
                  set_apart(DepthSettings(enabled=True, amount=1), context),
                  upscale(UpscaleSettings(height=360, method="filters"), context),
                  retime(RetimeSettings(rate="double"), replace(context, moments=Moments(retimed=Fraction(2)))),
                  regrain(GrainSettings(), context, texture)):
        frames = stage(frames)
    return torch.stack([frame.planes for frame in frames]).cpu()


def trembling_trace(tracer: Tracer, where: str) -> Trace:
    """Of moments that tremble and flicker, so that the stages have something to do."""
    moments = flicker(weave(clips.scene(16, (352, 240)), 1).clip, 2).clip.to(where)
    return Trace(0, rows_of([(planes, None) for planes in moments], tracer))


def test_one_thread_and_two_and_a_second_run_give_the_same_bits() -> None:
    made = []
    for threads in (1, 2, 2):
        torch.set_num_threads(threads)
        made.append(restored())
    assert torch.equal(made[0], made[1])
    assert torch.equal(made[1], made[2])


def test_the_environment_decides_the_device(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATINA_DEVICE", "meta")
    device.device.cache_clear()
    assert device.device() == torch.device("meta")
    device.device.cache_clear()


@pytest.mark.cuda
def test_cuda_restores_the_same_picture() -> None:
    if not torch.cuda.is_available():
        if os.environ.get("FAIL_WITHOUT_CUDA") == "1":
            pytest.fail("FAIL_WITHOUT_CUDA=1 is set and there is no CUDA device.")
        pytest.skip("there is no CUDA device here")
    device.settle()
    difference = (restored("cuda") - restored()).abs()
    assert difference.mean() < 1e-3
    assert (difference > 0.02).float().mean() < 0.01
