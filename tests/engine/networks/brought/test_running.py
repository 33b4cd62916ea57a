"""A picture tile by tile equals the picture at once, and too little memory makes tiles smaller, not runs fail."""

import hashlib
from collections.abc import Iterator
from pathlib import Path

import pytest
import torch
from safetensors.torch import save
from torch import Tensor

from restoration.engine.errors import WeightsError
from restoration.engine.networks.brought import can_clean, is_able, running
from restoration.engine.networks.brought.known import network_in
from restoration.engine.networks.brought.running import Tiled, cleaning, enlarging, keep
from tests.engine.networks.traps import compact
from tests.engine.threads import on_one_thread_and_two


class Doubling:
    """Stands for a network of another house: doubles each pixel of a little blur, within its memory."""

    scale, input_channels = 2, 3

    def __init__(self, most: int = 10_000) -> None:
        self.most, self.seen = most, list[int]()

    def __call__(self, picture: Tensor) -> Tensor:
        side = max(picture.shape[2:])
        if side > self.most:
            raise torch.OutOfMemoryError
        self.seen.append(side)
        blurred = torch.nn.functional.avg_pool2d(picture, 5, 1, 2, count_include_pad=False)
        return blurred.repeat_interleave(2, 2).repeat_interleave(2, 3)


@pytest.fixture(autouse=True)
def nothing_kept(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr(running, "_files", {})
    running._network.cache_clear()
    yield
    running._network.cache_clear()


def test_tiles_make_the_same_picture() -> None:
    picture = torch.rand(3, 90, 130, generator=torch.Generator().manual_seed(1))
    whole, tiled = Tiled(Doubling())(picture), Tiled(Doubling(), tile=40)(picture)
    assert whole.shape == (3, 180, 260)
    torch.testing.assert_close(tiled, whole)


def test_too_little_memory_halves_the_tile_and_goes_on() -> None:
    picture = torch.rand(3, 90, 130, generator=torch.Generator().manual_seed(1))
    network = Tiled(Doubling(most=112), tile=128)
    torch.testing.assert_close(network(picture), Tiled(Doubling())(picture))
    assert network.tile == 64
    before = len(network.network.seen)
    network(picture)
    assert len(network.network.seen) == before + 2 * 3  # The smaller tile is remembered.


def test_a_tile_that_cannot_become_smaller_fails() -> None:
    with pytest.raises(torch.OutOfMemoryError):
        Tiled(Doubling(most=1))(torch.rand(3, 40, 40))


@pytest.mark.skipif(not is_able(), reason="the extra “models” is not installed")
@pytest.mark.parametrize("channels", [1, 3])
def test_what_was_brought_enlarges(tmp_path: Path, channels: int) -> None:
    data = save(compact(4, channels=channels))
    digest = hashlib.sha256(data).hexdigest()
    (tmp_path / digest).write_bytes(data)
    keep(digest, tmp_path / digest)
    made = enlarging(digest)(torch.rand(channels, 20, 30))
    assert made.shape == (channels, 80, 120)
    assert not made.requires_grad
    assert enlarging(digest).network is enlarging(digest).network


@pytest.mark.skipif(not is_able(), reason="the extra “models” is not installed")
def test_too_little_memory_once_makes_no_tile_of_the_next_shot_smaller(tmp_path: Path,
                                                                       monkeypatch: pytest.MonkeyPatch) -> None:
    data = save(compact(4))
    digest = hashlib.sha256(data).hexdigest()
    (tmp_path / digest).write_bytes(data)
    keep(digest, tmp_path / digest)
    network, fill, refused = enlarging(digest), Tiled._fill, iter([True])

    def once(*given: object) -> None:
        if next(refused, False):
            raise torch.OutOfMemoryError
        fill(*given)  # type: ignore[arg-type]

    monkeypatch.setattr(Tiled, "_fill", once)
    network(torch.rand(3, 20, 30))
    assert (network.tile, enlarging(digest).tile) == (128, 256)


@pytest.mark.skipif(not is_able(), reason="the extra “models” is not installed")
def test_one_thread_and_two_give_the_same_bits() -> None:
    network = Tiled(network_in(save(compact(4)), "compact"), tile=64)
    picture = torch.rand(3, 100, 140, generator=torch.Generator().manual_seed(1))
    one, two = on_one_thread_and_two(lambda: network(picture))
    assert torch.equal(one, two)


@pytest.mark.skipif(not is_able(), reason="the extra “models” is not installed")
def test_what_enlarges_does_not_clean(tmp_path: Path) -> None:
    data = save(compact(4))
    digest = hashlib.sha256(data).hexdigest()
    (tmp_path / digest).write_bytes(data)
    keep(digest, tmp_path / digest)
    with pytest.raises(WeightsError, match="which do not clean"):
        cleaning(digest)


@pytest.mark.parametrize(("purpose", "scale", "planes", "is_offered"), [
    ("clean", 1, 3, True), ("clean", 1, 1, True), ("clean", 1, 4, False), ("clean", 2, 3, False),
    ("enlarge", 1, 3, False), ("faces", 1, 3, False)])
def test_only_what_keeps_the_size_and_was_made_to_clean_is_offered_for_it(purpose: str, scale: int, planes: int,
                                                                          is_offered: bool) -> None:
    assert can_clean(purpose, scale, planes, planes) == is_offered


def test_what_was_exchanged_is_not_opened(tmp_path: Path) -> None:
    (tmp_path / "weights").write_bytes(b"other bytes")
    keep("ab" * 32, tmp_path / "weights")
    with pytest.raises(WeightsError, match="digest differs"):
        enlarging("ab" * 32)


def test_what_is_not_here_is_missing() -> None:
    with pytest.raises(WeightsError, match="missing"):
        enlarging("cd" * 32)
