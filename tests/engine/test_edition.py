"""The edition follows the code that makes pictures, and nothing else."""

import shutil
from pathlib import Path

import pytest

from restoration import engine
from restoration.engine.edition import ANALYSES, MAKES_PICTURES, digest_of_rooms, edition, rooms


@pytest.fixture
def copy(tmp_path: Path) -> Path:
    """The engine's rooms, to be changed."""
    return Path(shutil.copytree(Path(engine.__file__).parent, tmp_path / "engine",
                                ignore=shutil.ignore_patterns("__pycache__", "*.safetensors")))


def change(room: Path, before: str, after: str) -> None:
    text = room.read_text(encoding="utf-8")
    assert before in text
    room.write_text(text.replace(before, after), encoding="utf-8")


# They make copies of a master, not its pictures.
OF_COPIES = {"enhancement/dynamicrange.py", "enhancement/depth/stereo.py"}


def test_every_room_that_a_frame_goes_through_is_known() -> None:
    known = set(rooms(MAKES_PICTURES))
    engine_folder = Path(engine.__file__).parent
    there = {path.relative_to(engine_folder).as_posix() for floor in ("repair", "enhancement")
             for path in (engine_folder / floor).rglob("*.py")}
    assert there - known == OF_COPIES
    assert {"stage.py", "texture.py", "compute/device.py", "networks/strips.py", "networks/weights.py"} <= known
    assert not [name for name in known if name.startswith(("analysis/", "training/", "encoding/", "demo/"))]


def test_an_edition_is_the_version_and_the_digest_of_the_code() -> None:
    assert edition() == f"{engine.VERSION}+{digest_of_rooms(MAKES_PICTURES)[:12]}"
    assert edition(ANALYSES) != edition()


@pytest.mark.parametrize(("room", "before", "after"), [
    ("repair/noise/averaging.py", "\n    return ", "\n    pass\n    return "),
    ("compute/resample.py", "import torch", "import torch as torch"),
])
def test_other_code_is_another_edition(copy: Path, room: str, before: str, after: str) -> None:
    first = digest_of_rooms(MAKES_PICTURES, copy)
    change(copy / room, before, after)
    assert digest_of_rooms(MAKES_PICTURES, copy) != first


def test_words_and_rooms_that_make_no_pictures_do_not_count(copy: Path) -> None:
    first = digest_of_rooms(MAKES_PICTURES, copy)
    change(copy / "chain.py", '"""What settings mean', '"""What they mean')
    change(copy / "chain.py", "\n\n\ndef ", "\n\n\n# Why it is so.\ndef ")
    change(copy / "repair" / "fade.py", 'gettext_noop("', 'gettext_noop("Dear reader: ')
    change(copy / "analysis" / "reel.py", "SAMPLE_EVERY = 8", "SAMPLE_EVERY = 9")
    assert digest_of_rooms(MAKES_PICTURES, copy) == first
