"""Every section of the settings, on CUDA and on the CPU: the same picture."""

import os
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from restoration.engine import chain, pipeline, reaching, scouting
from restoration.engine.ageing.compression import jpeg
from restoration.engine.ageing.film import dust, scratches
from restoration.engine.ageing.gate import weave
from restoration.engine.ageing.lamp import flicker
from restoration.engine.compute.device import device
from restoration.engine.facts import Shot
from restoration.engine.media.reader import read
from restoration.engine.settings import Settings, parse
from tests import clips

pytestmark = pytest.mark.cuda

SIZE, FRAMES = (352, 240), 7
ON = {"enabled": True}
INTERLACED = "interlaced"
FIELDS = {"fields": {"method": "frames", "order": "bff"}}
# (what is filmed, the settings) by name.
CASES: dict[str, tuple[str, dict[str, Any]]] = {
    "crosscolor": (INTERLACED, {"crosscolor": ON, **FIELDS}),
    "linejitter": (INTERLACED, {"linejitter": ON, **FIELDS}),
    "dropouts": (INTERLACED, {"dropouts": ON, **FIELDS}),
    "chromadelay": (INTERLACED, {"chromadelay": {"across": 1.5, "down": 1}, **FIELDS}),
    "softness": (INTERLACED, {"softness": ON, **FIELDS}),
    "noise of fields": (INTERLACED, {"noise": ON, **FIELDS}),
    "weave": ("worn film", {"weave": ON}),
    "flicker": ("worn film", {"flicker": ON}),
    "scratches": ("worn film", {"scratches": ON}),
    "blotches": ("worn film", {"blotches": ON}),
    "noise": ("film", {"noise": ON}),
    "strong noise": ("noisy film", {"noise": ON}),
    "blocking by the network": ("coded", {"blocking": {"enabled": True, "method": "network"}}),
    "blocking by filters": ("coded", {"blocking": {"enabled": True, "method": "filters"}}),
    "banding": ("coded", {"banding": ON}),
    "fade": ("film", {"fade": {"black": 0.05, "red": 1.2}}),
    "lowlight": ("film", {"lowlight": ON}),
    "faces": ("film", {"faces": ON}),
    "depth": ("film", {"depth": ON}),
    "upscale by the network": ("film", {"upscale": {"height": 720, "method": "network"}}),
    "twice by the network": ("film", {"upscale": {"height": 480, "method": "network"}}),
    "upscale by filters": ("film", {"upscale": {"height": 480, "method": "filters"}}),
    "retime": ("film", {"retime": {"rate": "double"}}),
    "grain": ("film", {"noise": ON, "grain": {"amount": 0.5}, "upscale": {"height": 480, "method": "filters"}}),
    "retouch": ("film", {"retouch": [{"start": 3, "end": 5, "points": [[0.4, 0.4], [0.5, 0.4], [0.45, 0.5]]}]}),
}


@pytest.fixture(autouse=True)
def _needs_cuda(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    if not torch.cuda.is_available():
        if os.environ.get("FAIL_WITHOUT_CUDA") == "1":
            pytest.fail("FAIL_WITHOUT_CUDA=1 is set and there is no CUDA device.")
        pytest.skip("there is no CUDA device here")
    yield
    device.cache_clear()


@pytest.mark.parametrize("name", CASES)
def test_a_section_gives_the_same_picture(name: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    filmed, data = CASES[name]
    source = written(tmp_path, filmed)
    made = []
    for where in ("cpu", "cuda"):
        monkeypatch.setenv("PATINA_DEVICE", where)
        device.cache_clear()
        made.append(restored(source, parse(data)))
    difference = (made[0] - made[1]).abs()
    assert difference.mean() < 1e-3
    assert (difference > 0.02).float().mean() < 0.01


def restored(source: Path, settings: Settings) -> Tensor:
    facts = pipeline.inspect(source)
    shot = Shot(index=0, start=0, end=facts.frames, noise_luma=0.02, noise_chroma=0.02)
    if "noisy" in source.name:
        shot = shot.model_copy(update={"noise_luma": 0.08, "noise_chroma": 0.05})
    texture = scouting.texture_of(source, settings, facts, shot)
    stages = chain.stages(settings, facts, shot, texture, traces=scouting.traces_of(source, settings, facts, shot),
                          witness=chain.witness_of(settings, facts, shot))
    frames = read(source, facts, *reaching.frames_around(shot, settings))
    return torch.stack([frame.planes.cpu() for frame in chain.through(frames, stages)])


def written(folder: Path, filmed: str) -> Path:
    if filmed == INTERLACED:
        moments = clips.noisy(clips.scene(2 * FRAMES, SIZE, rate=2), 0.02, 0.02)
        return clips.write(folder / "tape.mkv", clips.interlace(moments, "bff"), clips.NTSC, fields="bff")
    film = clips.scene(FRAMES, SIZE)
    if filmed == "coded":
        film = jpeg(film, 1, quality=15).clip
    if filmed == "worn film":
        film = flicker(weave(dust(scratches(film, 1).clip, 2).clip, 3).clip, 4).clip
    noise = 0.08 if filmed == "noisy film" else 0.02
    film = film if filmed == "coded" else clips.noisy(film, noise, 0.6 * noise)
    return clips.write(folder / f"{filmed.replace(' ', '-')}.mkv", film)
