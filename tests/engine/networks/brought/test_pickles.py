"""What a file would run is read from it, and never run."""

import io
import pickle
from collections import OrderedDict
from pathlib import Path

import pytest
import torch

from restoration.engine.errors import WeightsError
from restoration.engine.networks.brought.pickles import refuse_programs
from tests.engine.networks.traps import Trap, compact, pth


@pytest.mark.parametrize("is_legacy", [False, True])
def test_weights_are_no_program(is_legacy: bool) -> None:
    content = {"params": OrderedDict(compact()), "step": 5, "kept": torch.nn.Parameter(torch.ones(2).half())}
    data = pth(content, is_legacy=is_legacy)
    refuse_programs(data, "good.pth")
    assert torch.load(io.BytesIO(data), weights_only=True)["params"].keys() == content["params"].keys()


@pytest.mark.parametrize("kind", ["as torch writes it", "as torch wrote it", 0, 2, 4, 5])
def test_what_wants_to_run_is_named_and_does_not_run(tmp_path: Path, kind: str | int) -> None:
    trap = Trap(tmp_path / "it ran")
    data = (pickle.dumps(trap, protocol=kind) if isinstance(kind, int)
            else pth({"body.0.weight": trap}, is_legacy=kind == "as torch wrote it"))
    with pytest.raises(WeightsError) as refused:
        refuse_programs(data, "bad.pth")
    assert str(refused.value) == ("“bad.pth” wants to run “posix.mkdir” when it is opened, which weights never need. "
                                  "It was not opened.")
    assert not trap.mark.exists()


def test_a_trap_behind_the_weights_is_found_too(tmp_path: Path) -> None:
    data = pth({**compact(), "last": Trap(tmp_path / "it ran")})
    with pytest.raises(WeightsError, match=r"posix\.mkdir"):
        refuse_programs(data, "bad.pth")


def test_a_compiled_program_is_called_one(tmp_path: Path) -> None:
    torch.jit.save(torch.jit.script(torch.nn.Conv2d(1, 1, 1)), tmp_path / "program.pth")
    with pytest.raises(WeightsError, match="whole program"):
        refuse_programs((tmp_path / "program.pth").read_bytes(), "program.pth")


@pytest.mark.parametrize("data", [pth(compact())[:2000], b"PK\x03\x04" + bytes(100), b"\x80\x02", bytes(64)],
                         ids=["cut off", "empty zip", "begun", "nothing"])
def test_what_is_damaged_is_not_opened(data: bytes) -> None:
    with pytest.raises(WeightsError, match="damaged"):
        refuse_programs(data, "damaged.pth")
