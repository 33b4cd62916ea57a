"""The benchmark of adapted weights says what it lacks."""

import sys
from pathlib import Path

import pytest

from benchmarks import adapting


def test_a_half_whose_clips_are_not_there_is_named_in_a_sentence(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> None:
    monkeypatch.setattr(sys, "argv", ["adapting", "--footage", str(tmp_path / "none"), "--half", "tuning"])
    assert adapting.main() == 2
    assert capsys.readouterr().err.startswith("The clips of the tuning half are not here")
