import os
from pathlib import Path

import pytest

from restoration.engine.journal import Journal, digest_of, digest_of_file


def _journal(folder: Path) -> Journal:
    return Journal(folder, lambda path: int(path.read_text() or 0))


def test_a_finished_segment_is_found_by_its_digest_alone(tmp_path: Path) -> None:
    journal = _journal(tmp_path / "work")
    assert journal.find("abc", 5) is None
    journal.place("abc").write_text("5")
    assert journal.find("abc", 5) == journal.place("abc")
    assert journal.find("abd", 5) is None


def test_a_segment_with_another_count_is_not_used_and_removed(tmp_path: Path) -> None:
    journal = _journal(tmp_path)
    journal.place("abc").write_text("4")
    assert journal.find("abc", 5) is None
    assert not journal.place("abc").exists()


def test_half_written_files_of_dead_processes_go_and_those_of_living_ones_stay(tmp_path: Path) -> None:
    journal = _journal(tmp_path)
    dead, living = tmp_path / ".abc.4194399.partial.mkv", tmp_path / f".abd.{os.getpid()}.partial.mkv"
    dead.touch(), living.touch()
    journal.forget_partials()
    assert not dead.exists()
    assert living.exists()


def test_a_digest_depends_on_every_part_and_not_on_their_order() -> None:
    parts = {"settings": {"a": 1, "b": 2.5}, "frames": [0, 10]}
    assert digest_of(parts) == digest_of({"frames": [0, 10], "settings": {"b": 2.5, "a": 1}})
    assert digest_of(parts) != digest_of({**parts, "frames": [0, 11]})


def test_a_file_is_known_by_its_bytes(tmp_path: Path) -> None:
    (tmp_path / "one").write_bytes(b"abc")
    assert digest_of_file(tmp_path / "one").startswith("ba7816bf8f01cfea")


def test_a_file_is_read_for_its_digest_once_until_it_changes(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    path = tmp_path / "source"
    path.write_bytes(b"one")
    opened: list[Path] = []
    opening = Path.open
    monkeypatch.setattr(Path, "open", lambda self, *how: opened.append(self) or opening(self, *how))
    first = digest_of_file(path)
    assert digest_of_file(path) == first
    assert opened == [path]
    monkeypatch.undo()
    path.write_bytes(b"another")
    assert digest_of_file(path) != first
