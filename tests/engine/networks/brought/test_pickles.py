"""What a file would run is read from it, and never run."""

import io
import pickle
import zipfile
from collections import OrderedDict
from pathlib import Path

import pytest
import torch

from restoration.engine.errors import WeightsError
from restoration.engine.networks.brought.pickles import looks_pickled, refuse_programs
from tests.engine.networks.traps import Trap, compact, locked, pth


@pytest.mark.parametrize("is_legacy", [False, True])
def test_weights_are_no_program(is_legacy: bool) -> None:
    content = {"params": OrderedDict(compact()), "step": 5, "kept": torch.nn.Parameter(torch.ones(2).half())}
    data = pth(content, is_legacy=is_legacy)
    refuse_programs(data, "good.pth")
    assert torch.load(io.BytesIO(data), weights_only=True)["params"].keys() == content["params"].keys()


@pytest.mark.parametrize("kind", ["as torch writes it", "as torch wrote it", 0, 1, 2, 3, 4, 5])
def test_what_wants_to_run_is_named_and_does_not_run(tmp_path: Path, kind: str | int) -> None:
    trap = Trap(tmp_path / "it ran")
    data = (pickle.dumps(trap, protocol=kind) if isinstance(kind, int)
            else pth({"body.0.weight": trap}, is_legacy=kind == "as torch wrote it"))
    with pytest.raises(WeightsError) as refused:
        refuse_programs(data, "bad.pth")
    assert str(refused.value) == ("“bad.pth” wants to run “posix.mkdir” when it is opened, which weights never need. "
                                  "It was not opened.")
    assert not trap.mark.exists()


@pytest.mark.parametrize("is_legacy", [False, True])
@pytest.mark.parametrize("protocol", range(6))
def test_names_that_are_kept_and_fetched_again_are_told_as_they_are(
        tmp_path: Path, protocol: int, is_legacy: bool) -> None:
    """The pickler keeps every text and class it wrote; what it needs once more it fetches by its number."""
    trap = Trap(tmp_path / "it ran")
    data = pth(["mkdir", "posix", "collections", "OrderedDict", OrderedDict(), trap], protocol=protocol,
               is_legacy=is_legacy)
    assert looks_pickled(data)
    with pytest.raises(WeightsError, match=r"wants to run “posix\.mkdir”"):
        refuse_programs(data, "bad.pth")
    assert not trap.mark.exists()


@pytest.mark.parametrize("is_legacy", [False, True])
@pytest.mark.parametrize("protocol", [0, 1, 4, 5])
def test_good_weights_of_a_protocol_that_is_not_opened_are_told_so(protocol: int, is_legacy: bool) -> None:
    data = pth({"params": OrderedDict(compact())}, protocol=protocol, is_legacy=is_legacy)
    assert looks_pickled(data)
    with pytest.raises(WeightsError, match=f"saved with pickle protocol {protocol}, which is not opened"):
        refuse_programs(data, "late.pth")


def test_what_is_locked_is_called_locked() -> None:
    with pytest.raises(WeightsError, match=r"“locked\.pth” is locked with a password"):
        refuse_programs(locked(pth(compact())), "locked.pth")


def test_an_archive_around_weights_is_called_one() -> None:
    around = io.BytesIO()
    with zipfile.ZipFile(around, "w") as archive:
        archive.writestr("weights/network.pth", pth(compact()))
    with pytest.raises(WeightsError, match=r"is an archive\. Unpack it"):
        refuse_programs(around.getvalue(), "network.zip")


def test_what_was_squeezed_and_spoilt_is_damaged() -> None:
    squeezed = io.BytesIO()
    with zipfile.ZipFile(squeezed, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr("archive/data.pkl", pickle.dumps(list(range(500)), protocol=2))
    data = bytearray(squeezed.getvalue())
    data[60:100] = b"\xff" * 40
    with pytest.raises(WeightsError, match="damaged"):
        refuse_programs(bytes(data), "spoilt.pth")


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
