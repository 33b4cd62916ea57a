"""A benchmark whose clips are not there says so."""

import sys
from pathlib import Path
from types import ModuleType

import pytest

from benchmarks import adapting, cleaning, neighbours


@pytest.mark.parametrize("benchmark", [adapting, cleaning, neighbours], ids=lambda each: each.__name__)
def test_a_half_whose_clips_are_not_there_is_named_in_a_sentence(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str],
        benchmark: ModuleType) -> None:
    monkeypatch.setattr(sys, "argv", ["benchmark", "--footage", str(tmp_path / "none"), "--half", "tuning"])
    assert benchmark.main() == 2
    assert capsys.readouterr().err.startswith("The clips of the tuning half are not here")
