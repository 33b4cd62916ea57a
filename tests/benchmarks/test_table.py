"""What the table says follows from what was measured, and a miss is bold."""

from pathlib import Path
from typing import Any

import pytest

from benchmarks.quality import table, tuning
from benchmarks.quality.cases import CASES
from benchmarks.quality.measuring import measure_case
from benchmarks.quality.truth import Clean
from restoration.engine.defects import DEFECTS
from tests import clips
from tests.benchmarks.square import SQUARE_CASE


def square() -> list[Clean]:
    return [Clean("scene", clips.scene(2, (64, 48), seed=seed)) for seed in (1, 2)]


def test_a_miss_is_bold_with_its_distance_and_a_hit_is_plain() -> None:
    assert table.aimed(0.98, 0.98, lambda value: f"{value:.3f}") == "0.980"
    assert table.aimed(0.91, 0.98, lambda value: f"{value:.3f}") == "**0.910 (misses by 0.070)**"
    assert table.aimed(0.02, 0.005, lambda value: f"{value:.3f}", is_most=True) == "**0.020 (misses by 0.015)**"


def test_no_case_and_no_defect_is_left_out_before_anything_is_measured(
        monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(table.results, "KEPT", tmp_path)
    text = table.written("reporting")
    assert all(case.title in text for case in CASES)
    covered = {DEFECTS[case.detects].repair for case in CASES if case.detects}
    assert all(scale.title in text for scale in DEFECTS.values() if scale.repair and scale.repair not in covered)


def test_the_best_values_of_the_tuning_half_are_used(monkeypatch: pytest.MonkeyPatch, tmp_path: Path) -> None:
    monkeypatch.setattr(tuning, "TUNED", tmp_path / "tuned.json")
    untuned = measure_case(SQUARE_CASE, square(), (1,), tuning.tuned(SQUARE_CASE))
    assert untuned["clips"][0]["oracles"]["lighter"] == {"cannot": "not tuned yet"}
    tuning.tune(SQUARE_CASE, square(), (1,))
    found = measure_case(SQUARE_CASE, square(), (1,), tuning.tuned(SQUARE_CASE))
    answer: dict[str, Any] = found["clips"][0]["oracles"]["lighter"]
    assert answer["values"] == {"levels": "22"}
    assert answer["goal"] > 15 + found["clips"][0]["before"]["goal"]
    assert "nosuchfilter" in found["clips"][0]["oracles"]["nobody"]["cannot"]
    assert table.best_oracle(found) == ("lighter", pytest.approx(sum(
        clip["oracles"]["lighter"]["goal"] for clip in found["clips"]) / 2))


def test_a_clip_for_which_nothing_is_switched_on_counts_as_it_is(
    monkeypatch: pytest.MonkeyPatch, tmp_path: Path,
) -> None:
    monkeypatch.setattr(tuning, "TUNED", tmp_path / "tuned.json")
    found = measure_case(SQUARE_CASE, square(), (1,), {})
    assert found["clips"][0]["patina"] is None
    monkeypatch.setattr(table, "CASES", (SQUARE_CASE,))
    found["made"] = {"code": "", "at": ""}
    row = table._repairs({"square": found})
    assert f"({len(found['clips'])} of {len(found['clips'])} clips left as they are)" in row
    assert f"{table._db(found['clips'][0]['before']['goal'])} (" in row


def test_the_table_replaces_what_stood_between_the_marks(tmp_path: Path) -> None:
    page = tmp_path / "quality.md"
    page.write_text(f"before\n{table.BEGIN}\nold\n{table.END}\nafter\n")
    table.place(page, "new")
    assert page.read_text() == f"before\n{table.BEGIN}\n\nnew\n\n{table.END}\nafter\n"
    page.write_text("no marks")
    with pytest.raises(ValueError, match="no place"):
        table.place(page, "new")
