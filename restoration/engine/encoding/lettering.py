"""A font that has all the signs of some words, from those on this machine. Light: no torch."""

import os
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

from PIL import ImageFont

from restoration.engine.errors import SettingsError, gettext_noop

# Where fonts lie under Linux and macOS; PATINA_FONT names one that goes before them all.
FOLDERS = ("~/.fonts", "~/.local/share/fonts", "/usr/local/share/fonts", "/usr/share/fonts", "~/Library/Fonts",
           "/Library/Fonts", "/System/Library/Fonts")
# Quiet ones without serifs, by their files: those that have Chinese first, since they have Latin as well.
PREFERRED = ("NotoSansCJK-Regular", "NotoSansCJKsc-Regular", "NotoSansSC", "SourceHanSansSC-Regular",
             "SourceHanSans-Regular", "wqy-microhei", "wqy-zenhei", "DroidSansFallback", "PingFang", "Hiragino Sans GB",
             "NotoSans-Regular", "DejaVuSans.", "LiberationSans-Regular", "Arial")
_ENDINGS = (".ttf", ".ttc", ".otf")
_PROBED = 32
# No sign has this number, so every font draws for it what it draws for a sign that it lacks.
_NO_SIGN = "\U0010ffff"


@dataclass(frozen=True, slots=True)
class Face:
    """One font: its file, or None for the one that comes with Pillow, and which of the fonts in that file."""

    path: Path | None = None
    index: int = 0

    def at(self, size: int) -> ImageFont.FreeTypeFont:
        """`size` in pixels. Raises OSError for a file that is no font of outlines."""
        if self.path is not None:
            return ImageFont.truetype(str(self.path), size, index=self.index)
        built_in = ImageFont.load_default(size)
        if not isinstance(built_in, ImageFont.FreeTypeFont):
            raise OSError("this Pillow has no font of outlines")
        return built_in

    def lacks(self, signs: Iterable[str]) -> str:
        """Those that it cannot write; all of them where it cannot be read."""
        try:
            font = self.at(_PROBED)
            nothing = _drawn(font, _NO_SIGN)
            return "".join(sign for sign in signs if _drawn(font, sign) == nothing)
        except OSError:
            return "".join(signs)


def face_for(words: str) -> Face:
    """The first font that has all the signs. Raises SettingsError, naming what is lacking and what to do."""
    signs = sorted({sign for sign in words if not sign.isspace()})
    fewest = "".join(signs)
    for face in _faces():
        lacking = face.lacks(signs)
        if not lacking:
            return face
        fewest = min(fewest, lacking, key=len)
    raise SettingsError(gettext_noop("No font on this machine has all the signs of these captions; missing: {signs} "
                                     "Install one that has them (for Chinese, the package fonts-noto-cjk), or write "
                                     "the captions otherwise."), signs=fewest)


def one_line(words: str) -> str:
    """The words in one line, without signs that cannot be seen."""
    seen = "".join(sign for sign in words if sign.isspace() or unicodedata.category(sign) not in ("Cc", "Cf", "Cs"))
    return " ".join(seen.split())


def _drawn(font: ImageFont.FreeTypeFont, sign: str) -> tuple[tuple[int, int], bytes]:
    mask = font.getmask(sign)
    return mask.size, bytes(mask)


def _faces() -> Iterator[Face]:
    chosen = os.environ.get("PATINA_FONT")
    if chosen:
        yield _of_file(Path(chosen))
    yield Face()
    files = sorted((path for folder in FOLDERS for path in Path(folder).expanduser().rglob("*")
                    if path.suffix.lower() in _ENDINGS), key=_rank)
    yield from map(_of_file, files)


def _rank(path: Path) -> tuple[int, str]:
    known = (place for place, name in enumerate(PREFERRED) if path.name.startswith(name))
    return next(known, len(PREFERRED)), path.name


def _of_file(path: Path) -> Face:
    """A collection of fonts holds one for each region; Chinese is simplified here."""
    for index in range(12):
        try:
            family = ImageFont.truetype(str(path), _PROBED, index=index).getname()[0] or ""
        except OSError:
            break
        if family.endswith(" SC"):
            return Face(path, index)
    return Face(path)
