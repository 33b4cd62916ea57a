"""Whose fault is it? Decided where it is raised, never by reading strings.

Every message is an English sentence with {placeholders}; whoever shows it may translate `text` and fill in `values`.
"""

from typing import Any


def gettext_noop(text: str) -> str:
    """Mark a sentence for translation without translating it: the engine knows no language but its own."""
    return text


class EngineError(Exception):
    """Something a caller should tell a person about."""

    def __init__(self, text: str, **values: Any) -> None:
        super().__init__(text)
        self.text = text
        self.values = values

    def __str__(self) -> str:
        return self.text.format(**self.values)


class SourceError(EngineError):
    """The person's fault, or their file's: one clear sentence that says what is wrong with what, and what to do."""


class SettingsError(EngineError):
    """Settings that cannot be: unknown preset, out of range, a raster the source cannot fill."""


class DiskFullError(EngineError):
    """No space left while writing; whatever was half written has been removed."""


class EncodingError(EngineError):
    """A written file did not turn out as promised (frame count, first time stamp, rate): it has been removed."""


class RepairError(EngineError):
    """A repair failed at a frame: ours, but named, so that a person can leave that repair out of that shot."""


class WeightsError(EngineError):
    """Weights that are missing, are not the ones registered, or do not belong to the network: none of them was used."""


class Cancelled(Exception):
    """The person asked to stop. Finished segments stay."""
