"""Weights are what they were registered as, or they are not used; and no file is ever run."""

import hashlib
import pickle
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
import torch
from safetensors.torch import save

from restoration.engine.errors import WeightsError
from restoration.engine.networks import registry, weights
from restoration.engine.networks.registry import Network
from restoration.engine.networks.upscaler import Upscaler
from tests.engine.networks.traps import Trap, pth

SMALL = (("scale", 2), ("channels", 4), ("blocks", 1))


def upscaler(seed: int = 1) -> Upscaler:
    torch.manual_seed(seed)
    made = Upscaler(**dict(SMALL))
    torch.nn.init.normal_(made.tail.weight, std=0.1)
    return made.eval()


@pytest.fixture
def shipped(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """An empty folder of shipped weights, and nothing loaded from another."""
    weights._kept.cache_clear()
    monkeypatch.setattr(registry, "SHIPPED", tmp_path)
    return tmp_path


def registered(folder: Path, data: bytes, architecture: str = "upscaler") -> Network:
    (folder / "small.safetensors").write_bytes(data)
    return Network(name="small", architecture=architecture, build=SMALL, file="small.safetensors",
                   sha256=hashlib.sha256(data).hexdigest(), licence="Apache-2.0", purpose="A test.", scale=2,
                   parameters=1, seconds=1)


def refusal(network: Network) -> str:
    with pytest.raises(WeightsError) as refused:
        weights.load(network)
    return str(refused.value)


def test_what_was_saved_is_what_is_loaded_and_it_does_not_learn(shipped: Path) -> None:
    network, luma = upscaler(), torch.rand(1, 1, 12, 16)
    loaded = weights.load(registered(shipped, save(network.state_dict())), torch.device("cpu"))
    torch.testing.assert_close(loaded(luma), network(luma))
    assert not loaded.training
    assert not any(each.requires_grad for each in loaded.parameters())


def test_weights_tell_how_deep_their_network_is(shipped: Path) -> None:
    deep = Upscaler(2, channels=4, blocks=3)
    small = replace(registered(shipped, save(deep.state_dict())), build=(("scale", 2), ("channels", 4)))
    loaded = weights.load(small, torch.device("cpu"))
    assert isinstance(loaded, Upscaler)
    assert len(loaded.body) == 3
    assert "tensor “body." in refusal(replace(small, build=SMALL))


def test_a_network_is_loaded_once_and_rolls_no_dice(shipped: Path) -> None:
    small = registered(shipped, save(upscaler().state_dict()))
    torch.manual_seed(5)
    first = torch.rand(1)
    torch.manual_seed(5)
    assert weights.load(small) is weights.load(small)
    assert torch.equal(torch.rand(1), first)


def test_a_wrong_digest_is_refused_before_anything_parses_the_file(
        shipped: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    small = registered(shipped, save(upscaler().state_dict()))
    small.path.write_bytes(save(upscaler(2).state_dict()))
    monkeypatch.setattr(weights, "parse", lambda data: pytest.fail("The file was parsed."))
    assert refusal(small) == ("The weights “small.safetensors” are not the ones that were registered: their digest "
                              "differs. They were not opened. Bring back a good copy.")


def test_a_missing_file_is_named(shipped: Path) -> None:
    small = registered(shipped, b"")
    small.path.unlink()
    assert refusal(small) == "The weights “small.safetensors” are missing. Bring back a good copy."


def test_an_unknown_architecture_is_named(shipped: Path) -> None:
    small = registered(shipped, save(upscaler().state_dict()), "crystal-ball")
    assert refusal(small) == "“small.safetensors” is for the architecture “crystal-ball”, which is not known here."


@pytest.mark.parametrize(("change", "named"), [
    (lambda tensors: tensors.pop("tail.bias"), "tail.bias"),
    (lambda tensors: tensors.update(spare=torch.zeros(1)), "spare"),
    (lambda tensors: tensors.update({"head.weight": torch.zeros(8, 1, 3, 3)}), "head.weight"),
], ids=["missing", "left over", "of another shape"])
def test_tensors_that_do_not_fit_the_architecture_are_refused(shipped: Path, change: Any, named: str) -> None:
    tensors = dict(upscaler().state_dict())
    change(tensors)
    assert refusal(registered(shipped, save(tensors))).endswith(f"the tensor “{named}” does not fit.")


@pytest.mark.parametrize("as_torch_writes_it", [False, True])
def test_a_pickle_that_wants_to_run_code_is_refused_and_does_not_run(
        shipped: Path, tmp_path: Path, as_torch_writes_it: bool) -> None:
    mark = tmp_path / "it ran"
    data = pth({"head.weight": Trap(mark)}) if as_torch_writes_it else pickle.dumps(Trap(mark))
    assert refusal(registered(shipped, data)) == "“small.safetensors” is not a safetensors file. It was not opened."
    assert not mark.exists()
    pickle.loads(pickle.dumps(Trap(mark)))
    assert mark.exists()  # It would have run where it is unpickled.


def test_a_network_that_nobody_registered_is_named() -> None:
    with pytest.raises(WeightsError, match="crystal-ball"):
        registry.network("crystal-ball")


def test_a_digest_names_one_file_alone(shipped: Path) -> None:
    small = registered(shipped, save(upscaler().state_dict()))
    with pytest.raises(WeightsError, match="digest"):
        weights.load(replace(small, sha256="0" * 64))
