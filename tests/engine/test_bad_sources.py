"""What the engine says in the shell of sources that have something wrong with them."""

from pathlib import Path

import pytest

from restoration.engine.__main__ import main
from restoration.engine.media.inspect import inspect
from tests import bad_sources
from tests.archive import recordings
from tests.bad_sources import Bad


def files_under(folder: Path) -> list[str]:
    return sorted(path.name for path in folder.rglob("*") if path.is_file())


@pytest.mark.parametrize("command", ["analyse", "restore"])
@pytest.mark.parametrize("bad", bad_sources.REFUSED, ids=str)
def test_what_cannot_be_used_is_one_sentence_and_status_2(bad: Bad, command: str, tmp_path: Path,
                                                          capfd: pytest.CaptureFixture[str]) -> None:
    arguments = [command, str(bad.at(tmp_path)), *([str(tmp_path / "master.mkv")] if command == "restore" else [])]
    capfd.readouterr()
    assert main(arguments) == 2
    told = capfd.readouterr()
    assert bad.refused is not None
    assert bad.refused[1] in told.err
    assert f"“{bad.name}”" in told.err
    assert (told.out, told.err.count("\n")) == ("", 1)
    assert files_under(tmp_path) == [bad.name]


@pytest.mark.parametrize("bad", bad_sources.TAKEN, ids=str)
def test_what_is_odd_is_analysed_with_one_remark(bad: Bad, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = bad.at(tmp_path)
    capfd.readouterr()
    assert main(["analyse", str(path)]) == 0
    told = capfd.readouterr()
    remarks = [line for line in told.out.splitlines() if "•" in line]
    assert bad.remarks is not None
    assert [bad.remarks[1] in remark for remark in remarks] == [True]
    assert told.err == ""


@pytest.mark.parametrize("bad", bad_sources.TAKEN, ids=str)
def test_what_is_odd_is_restored_with_one_remark(bad: Bad, tmp_path: Path, capfd: pytest.CaptureFixture[str]) -> None:
    path = bad.at(tmp_path)
    capfd.readouterr()
    assert main(["restore", str(path), str(tmp_path / "master.mkv"), "--preset", "as-is"]) == 0
    told = capfd.readouterr().err
    remarks = [line for line in told.splitlines() if "•" in line]
    assert bad.remarks is not None
    assert [bad.remarks[1] in remark for remark in remarks] == [True]
    assert (tmp_path / "master.mkv").stat().st_size
    assert "Traceback" not in told


def test_a_picture_smaller_than_any_master_is_left_at_its_size(tmp_path: Path,
                                                              capfd: pytest.CaptureFixture[str]) -> None:
    path = recordings.record(tmp_path / "tiny.mkv", size=(8, 6), frames=3)
    assert main(["restore", str(path), str(tmp_path / "master.mkv")]) == 0
    assert "3 frames, 8×6," in capfd.readouterr().err


def test_a_source_of_uneven_times_keeps_all_its_pictures(tmp_path: Path) -> None:
    facts = inspect(recordings.record(tmp_path / "uneven.mkv", uneven=True, frames=30))
    assert (facts.frames, facts.is_variable_rate) == (30, True)
