"""Both sides of the search, what is written and what is asked, are folded to one form before they meet.

NFKC makes full-width letters plain, case folding makes capitals small, OpenCC makes traditional characters simplified,
and Latin letters lose their accents. The folded form is compared and never shown: OpenCC has to choose between
characters that only a reader can tell apart.
"""

import re
import unicodedata
from functools import cache
from typing import NamedTuple

from opencc import OpenCC

HAN = "\u3400-\u4dbf\u4e00-\u9fff\uf900-\ufaff\U00020000-\U0003ffff々〇"
UNSPACED = HAN + "\u3040-\u30ff\u31f0-\u31ff\uac00-\ud7af"
RUNS = re.compile(rf"(?P<unspaced>[{UNSPACED}]+)|(?P<word>[^\W_{UNSPACED}]+)")
COMBINING = re.compile("[\u0300-\u036f]")


class Run(NamedTuple):
    """A word, or a run of characters in a script that writes no spaces."""

    text: str
    is_unspaced: bool


def fold(text: str) -> str:
    plain = unicodedata.normalize("NFKC", text).casefold()
    bare = COMBINING.sub("", unicodedata.normalize("NFD", plain))
    return _simplifier().convert(unicodedata.normalize("NFC", bare))


def runs(folded: str) -> list[Run]:
    return [Run(match[0], match.lastgroup == "unspaced") for match in RUNS.finditer(folded)]


@cache
def _simplifier() -> OpenCC:
    return OpenCC("t2s")
