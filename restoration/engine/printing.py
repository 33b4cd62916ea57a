"""What may be printed to a terminal: names that others chose move no cursor there, and hide nothing."""

import unicodedata

_UNSEEN = {"Cc", "Cf", "Cs", "Zl", "Zp"}  # Controls, directions and joints, halves of characters, breaks of lines.


def visible(text: str) -> str:
    """The same text with the characters that nobody would see written as Python does: \\x1b."""
    return "".join(letter.encode("unicode_escape").decode() if unicodedata.category(letter) in _UNSEEN else letter
                   for letter in text)
