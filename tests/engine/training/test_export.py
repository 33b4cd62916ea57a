"""What was learnt becomes a file that can be shipped."""

import hashlib
from pathlib import Path

import pytest
import torch

from restoration.engine.networks.weights import read
from restoration.engine.training import __main__ as command
from restoration.engine.training.loop import begin, keep
from restoration.engine.training.recipes import RECIPES

NAME = "cleaner"
BUILD = ()


def test_the_running_mean_is_exported_rounded_with_its_digest(tmp_path: Path,
                                                              capsys: pytest.CaptureFixture[str]) -> None:
    state = begin(RECIPES[NAME])
    torch.nn.init.normal_(state.mean.tail.weight)  # type: ignore[arg-type, union-attr]
    keep(state, tmp_path / f"{NAME}.pt")
    target = tmp_path / "learnt.safetensors"
    assert command.main([NAME, "--folder", str(tmp_path), "--export", str(target)]) == 0
    digest = hashlib.sha256(target.read_bytes()).hexdigest()
    assert capsys.readouterr().out.startswith(digest)
    loaded = read(target, digest, "cleaner", BUILD).state_dict()
    assert all(torch.equal(loaded[name], tensor.half().float()) for name, tensor in state.mean.state_dict().items())


def test_without_a_training_there_is_nothing_to_export(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    assert command.main([NAME, "--folder", str(tmp_path), "--export", str(tmp_path / "none")]) == 2
    assert "There is nothing to export" in capsys.readouterr().err
    assert not (tmp_path / "none").exists()
