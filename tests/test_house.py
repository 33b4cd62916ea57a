"""The house rules, executed: style, types, import contracts, sizes, and what documentation promises."""

import ast
import hashlib
import re
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

import pytest
from django.apps import apps
from django.db.migrations.autodetector import MigrationAutodetector
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.state import ProjectState

ROOT = Path(__file__).resolve().parents[1]
BANNED_MODULES = {"utils", "helpers", "methods", "misc", "common", "core", "base", "manager", "handler", "contrib",
                  "io", "types", "queue", "statistics", "platform", "collections"}


def our_modules() -> Iterator[Path]:
    for package in ("archive", "restoration"):
        yield from (path for path in (ROOT / package).rglob("*.py") if "migrations" not in path.parts)


def complaints(*command: str) -> str:
    """What a tool has to say against the tree; nothing when it is content."""
    result = subprocess.run([str(Path(sys.executable).parent / command[0]), *command[1:]], cwd=ROOT,
                            capture_output=True, text=True)
    return (result.stdout + result.stderr or f"ended with {result.returncode}") if result.returncode else ""


def test_the_style_is_kept() -> None:
    assert complaints("ruff", "check", ".") == ""


def test_the_types_agree() -> None:
    assert complaints("mypy") == ""


def test_the_import_contracts_hold() -> None:
    assert complaints("lint-imports") == ""


def test_rooms_that_call_themselves_light_load_no_torch() -> None:
    light = [".".join(path.relative_to(ROOT).with_suffix("").parts) for path in our_modules()
             if path.is_relative_to(ROOT / "restoration") and "ight: no torch" in path.read_text(encoding="utf-8")]
    assert "restoration.engine.encoding.one_still" in light
    loading = f"import {', '.join(light)}, sys; sys.exit('torch' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", loading], cwd=ROOT, check=False).returncode == 0


def test_no_room_is_called_elsewhere() -> None:
    assert [path for path in our_modules() if path.stem in BANNED_MODULES] == []


def test_rooms_and_functions_stay_small() -> None:
    large = [f"{path.relative_to(ROOT)}: {len(path.read_text().splitlines())} lines"
             for path in our_modules() if len(path.read_text().splitlines()) > 400]
    long = [f"{path.relative_to(ROOT)}: {node.name}" for path in our_modules()
            for node in ast.walk(ast.parse(path.read_text()))
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)
            and (node.end_lineno or node.lineno) - node.lineno >= 60]
    assert large + long == []


@pytest.mark.parametrize("pattern", [r"<script(?![^>]*\bsrc=)(?![^>]*application/json)[^>]*>", r"\sstyle=", r"\son\w+=",
                                     r"<style"])
def test_no_template_has_inline_script_or_style(pattern: str) -> None:
    pages = [path for path in (ROOT / "templates").rglob("*.html") if path.name != "sheet.html"]
    assert [path.name for path in pages if re.search(pattern, path.read_text())] == []


def test_no_merge_was_left_half_done() -> None:
    texts = [path for room in ("archive", "restoration", "templates", "static", "tests", "locale", "docs")
             for path in (ROOT / room).rglob("*") if path.suffix in {".py", ".html", ".css", ".js", ".po", ".md"}]
    marks = tuple(letter * 7 + " " for letter in "<>")
    assert [path.name for path in texts if any(line.startswith(marks) for line in path.read_text().splitlines())] == []


def test_every_setting_explains_itself() -> None:
    from restoration.engine.settings import Settings

    for name, section in Settings.sections():
        assert section.title, name
        for field_name, field in section.annotation.model_fields.items():  # type: ignore[union-attr]
            assert field.title and field.description, f"{name}.{field_name}"


def test_every_model_change_has_a_migration() -> None:
    written = MigrationLoader(None)
    detector = MigrationAutodetector(written.project_state(), ProjectState.from_apps(apps))
    assert detector.changes(graph=written.graph) == {}


def test_every_shipped_network_is_what_it_says_and_all_of_them_are_small() -> None:
    from restoration.engine.networks.registry import LARGEST, NETWORKS, SHIPPED
    from restoration.engine.networks.weights import load

    files = sorted(path for path in SHIPPED.glob("*") if path.suffix != ".md")
    assert files == sorted(each.path for each in NETWORKS)
    assert sum(path.stat().st_size for path in files) <= LARGEST
    for each in NETWORKS:
        assert hashlib.sha256(each.path.read_bytes()).hexdigest() == each.sha256, each.name
        card = (ROOT / each.card).read_text().lower()
        missing = [word for word in ("data", "licence", "steps", "time", "machine", "loss", "scores")
                   if not re.search(rf"^(#+ |\*\*|\| ?){word}\b", card, re.MULTILINE)]
        assert missing == [], each.card
        assert each.sha256 in card, each.card
        assert sum(tensor.numel() for tensor in load(each).parameters()) == each.parameters, each.name


def test_the_readme_names_every_variable_that_is_read_and_no_other() -> None:
    read = re.compile(r"(?:environ(?:\.get)?[(\[]|env(?:bool|int|secret)\()\s*[\"']([A-Z_]+)[\"']")
    paths = [ROOT / "manage.py", *(ROOT / "archive").rglob("*.py"), *(ROOT / "restoration").rglob("*.py")]
    known = {name for path in paths for name in read.findall(path.read_text())}
    table = (ROOT / "README.md").read_text().split("| variable | meaning |")[1].split("## ")[0]
    named = {name for row in table.splitlines() if row.startswith("| `")
             for name in re.findall(r"`([A-Z_]+)`", row.split(" | ")[0])}
    assert named - {"SECRET_KEY_FILE"} == known - {"DJANGO_SETTINGS_MODULE"}
