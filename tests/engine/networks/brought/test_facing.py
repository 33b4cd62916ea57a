"""A face network that was brought is asked as its authors meant it to be, and draws the same face twice."""

import hashlib
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save
from torch import Tensor

from restoration.engine.errors import WeightsError
from restoration.engine.networks.brought import can_draw_faces, inspect, is_able, running
from restoration.engine.networks.brought.facing import Facing, facing_with
from restoration.engine.networks.brought.running import keep
from tests.engine.networks.traps import compact, restoreformer

needs_models = pytest.mark.skipif(not is_able(), reason="the extra “models” is not installed")


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(running, "_files", {})
    facing_with.cache_clear()
    yield
    facing_with.cache_clear()


def kept(data: bytes, folder: Path) -> str:
    digest = hashlib.sha256(data).hexdigest()
    (folder / digest).write_bytes(data)
    keep(digest, folder / digest, name="faces.pth")
    return digest


@needs_models
def test_a_face_network_is_told_by_its_tensors_and_draws_the_same_face_twice(tmp_path: Path) -> None:
    digest = kept(save(restoreformer()), tmp_path)
    found = inspect(tmp_path / digest, name="faces.pth", seconds=120, memory_bytes=2 * 1024 ** 3)
    assert (found.architecture, found.purpose, found.can_draw_faces) == ("RestoreFormer", "faces", True)
    assert not found.can_enlarge
    face = torch.rand(3, 512, 512, generator=torch.Generator().manual_seed(1))
    with torch.no_grad():
        once, again = (facing_with(digest)(face) for _ in range(2))
    assert once.shape == (3, 512, 512) and float(once.min()) >= 0 and float(once.max()) <= 1
    assert torch.equal(once, again)


@needs_models
def test_what_draws_no_faces_is_refused_by_name(tmp_path: Path) -> None:
    with pytest.raises(WeightsError, match="of “RealESRGAN Compact”, which draw no faces"):
        facing_with(kept(save(compact()), tmp_path))


@pytest.mark.parametrize(("purpose", "planes", "is_offered"), [("faces", 3, True), ("faces", 1, False),
                                                               ("clean", 3, False), ("enlarge", 3, False)])
def test_only_what_draws_faces_in_colour_is_offered(purpose: str, planes: int, is_offered: bool) -> None:
    assert can_draw_faces(purpose, planes, planes) == is_offered


class Generator:
    """Stands for GFPGAN: its own network, which spandrel's call would give 0..1 and new noise each time."""

    architecture = type("Architecture", (), {"id": "GFPGAN", "name": "GFPGAN"})

    def __init__(self) -> None:
        self.seen: Tensor = torch.empty(0)

    def model(self, face: Tensor, **asked: Any) -> tuple[Tensor, list[Tensor]]:
        assert asked == {"randomize_noise": False}
        self.seen = face
        return 1.5 * face, []


def test_gfpgan_is_shown_a_face_between_minus_one_and_one() -> None:
    network = Generator()
    face = torch.tensor([0.0, 0.25, 0.5, 1.0]).expand(3, 512, 4)
    drawn = Facing(network)(face)
    assert network.seen[0, 0, 0].tolist() == [-1, -0.5, 0, 1]
    assert drawn[0, 0].tolist() == [0, 0.125, 0.5, 1]
