"""Which edition of the engine makes pictures: its version, and a digest of the code that they come from.

What was made by one edition is never taken for the work of another: a run that goes on after the engine was exchanged,
and a version derived from an older one, make every shot anew whose code is another, rather than mix two editions in one
master.
"""

import ast
import hashlib
from collections.abc import Iterable, Iterator
from functools import cache
from pathlib import Path

from restoration.engine import VERSION

_ENGINE = Path(__file__).parent
_PACKAGE = "restoration.engine"
# Where a frame goes through, from its source to its segment. What these import belongs to it.
MAKES_PICTURES = ("chain", "scouting", "media.reader", "media.writer")
ANALYSES = ("analysis.reel", "media.inspect", "media.reader")


@cache
def edition(doors: tuple[str, ...] = MAKES_PICTURES) -> str:
    """As “0.1.0+3f2a9c1e0b7d”: the engine's version, and 48 bits of the digest of the rooms behind the doors. Read once
    a process, for that process goes on with the code that it began with."""
    return f"{VERSION}+{digest_of_rooms(doors)[:12]}"


def digest_of_rooms(doors: tuple[str, ...], engine: Path = _ENGINE) -> str:
    """SHA-256 over the code of all rooms behind these doors, in hexadecimal. Comments, docstrings and sentences for
    people do not count: they make no pictures."""
    digest = hashlib.sha256()
    for name, tree in sorted(rooms(doors, engine).items()):
        digest.update(f"{name}\n{ast.dump(_Speechless().visit(tree))}\n".encode())
    return digest.hexdigest()


def rooms(doors: tuple[str, ...], engine: Path = _ENGINE) -> dict[str, ast.Module]:
    """The syntax of each room of the engine that these import, themselves and through others, by its path below the
    engine."""
    found: dict[str, ast.Module] = {}
    waiting = list(doors)
    while waiting:
        file = _file_of(waiting.pop(), engine)
        if file is not None and (name := file.relative_to(engine).as_posix()) not in found:
            found[name] = ast.parse(file.read_bytes(), filename=str(file))
            waiting.extend(_imported(found[name]))
    return found


def _file_of(room: str, engine: Path) -> Path | None:
    """None for a name within a room, such as that of a function."""
    place = engine.joinpath(*room.split("."))
    return next((file for file in (place.with_suffix(".py"), place / "__init__.py") if file.is_file()), None)


def _imported(tree: ast.Module) -> Iterator[str]:
    """What a room imports from the engine, as dotted names below it: modules, and names that may be modules."""
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            yield from _below(alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom) and node.module:
            yield from _below([node.module, *(f"{node.module}.{alias.name}" for alias in node.names)])


def _below(names: Iterable[str]) -> Iterator[str]:
    """Each with the packages that it lies in, for these are loaded on the way."""
    for name in names:
        if name.startswith(f"{_PACKAGE}."):
            parts = name.removeprefix(f"{_PACKAGE}.").split(".")
            yield from (".".join(parts[:count]) for count in range(1, len(parts) + 1))


class _Speechless(ast.NodeTransformer):
    """Takes away what is said to people."""

    def visit_Expr(self, node: ast.Expr) -> ast.AST | None:
        is_text = isinstance(node.value, ast.Constant) and isinstance(node.value.value, str)
        return None if is_text else self.generic_visit(node)

    def visit_Call(self, node: ast.Call) -> ast.AST:
        if isinstance(node.func, ast.Name) and node.func.id == "gettext_noop":
            node.args = []
        return self.generic_visit(node)
