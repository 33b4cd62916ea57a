"""Whose fault is it? These are the person's or their file's; whatever else goes wrong is ours and is logged.

Every message is an English sentence with {placeholders}, marked with `gettext_noop` where it is written; whoever shows
it translates `text` and fills in `values`.
"""

from typing import Any


def gettext_noop(text: str) -> str:
    """Mark a sentence for translation without translating it, in modules that must start without Django."""
    return text


class RefusedError(Exception):
    """What was asked for cannot be done, and nothing has been changed: one clear sentence that says why."""

    def __init__(self, text: str, **values: Any) -> None:
        super().__init__(text)
        self.text = text
        self.values = values

    def __str__(self) -> str:
        return self.text.format(**self.values)


class DiskFullError(RefusedError):
    """No space left while writing; whatever was half written has been removed."""
