"""Whose fault was it? One sentence for people in either case, and for ours a reference that leads into the log."""

import errno
import logging
import secrets
from dataclasses import dataclass, field
from typing import Any

from archive.errors import RefusedError
from archive.models import MediaFile
from archive.storage import holding_path
from restoration.engine.errors import EngineError, gettext_noop

log = logging.getLogger(__name__)

# The last one is what a limit on the size of files says.
DISK_FULL = (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)


@dataclass(frozen=True, slots=True)
class Sentence:
    """An English sentence with {placeholders}, marked for translation, and what fills them."""

    text: str
    values: dict[str, Any] = field(default_factory=dict)
    reference: str = ""

    def as_columns(self) -> dict[str, Any]:
        """The columns of a row that can fail."""
        return {"error_text": self.text, "error_values": self.values, "error_reference": self.reference}


NO_ERROR = Sentence("")


def explain(error: BaseException, *, during: str, about: MediaFile | None = None) -> Sentence:
    """What people are told about an error. Whatever is not theirs is logged with the reference they are shown. The
    engine knows `about` by its storage key; people know it by the name it came with."""
    if isinstance(error, (EngineError, RefusedError)):
        stored = holding_path(about).name if about else None
        return Sentence(error.text, _plain({name: about.name if about and value == stored else value
                                            for name, value in error.values.items()}))
    if isinstance(error, OSError) and error.errno in DISK_FULL:
        return Sentence(gettext_noop("The disk is full. Free some space and resume."))
    reference = secrets.token_hex(4)
    log.error("Reference %s: %s failed", reference, during, exc_info=error)
    return Sentence(gettext_noop("Something went wrong on our side. Reference: {reference}."),
                    {"reference": reference}, reference)


def _plain(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value if isinstance(value, (int, float, bool)) else str(value).replace("\0", "\ufffd")
            for name, value in values.items()}
