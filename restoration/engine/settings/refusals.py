"""Sentences for what cannot be among settings, with a name for the place where it stands."""

from typing import Any

from pydantic import ValidationError
from pydantic_core import ErrorDetails, PydanticCustomError

from restoration.engine.errors import SettingsError, gettext_noop

_SENTENCES = {
    "exception without frames": gettext_noop("The exception for the frames {start}:{end} holds for no frame: its end "
                                             "must lie behind its start."),
    "exception of the reel": gettext_noop("The exception for the frames {start}:{end} changes “{section}”, which is "
                                          "the same for the whole reel. Leave it out there."),
    "exception of nothing": gettext_noop("The exception for the frames {start}:{end} changes “{section}”, which is no "
                                         "section of the settings."),
    "exception of a setting": gettext_noop("In the exception for the frames {start}:{end} the setting {field} cannot "
                                           "be used: {problem}."),
    "retouch without frames": gettext_noop("The retouch of the frames {start}:{end} holds for no frame: its end must "
                                           "lie behind its start."),
    "retouch of too few corners": gettext_noop("The retouch of the frames {start}:{end} has fewer than three corners, "
                                               "and no radius of a brush."),
    "retouch beside the picture": gettext_noop("The retouch of the frames {start}:{end} lies beside the picture, which "
                                               "reaches from 0 to 1."),
}


def refused(why: str, **values: Any) -> PydanticCustomError:
    """What a validator raises so that `told` can say it: the name of one of the sentences here, and what fills it."""
    return PydanticCustomError(why, _SENTENCES[why], values)


def told(error: ValidationError) -> SettingsError:
    """One sentence for the first field that cannot be."""
    first = error.errors()[0]
    if first["type"] in _SENTENCES:
        return SettingsError(_SENTENCES[first["type"]], **first.get("ctx", {}))
    return SettingsError(gettext_noop("The setting {field} cannot be used: {problem}."), **in_words(first))


def in_words(error: ErrorDetails) -> dict[str, str]:
    """field: dotted, as it is written in JSON; problem: without the full stop at its end."""
    return {"field": ".".join(str(part) for part in error["loc"]), "problem": error["msg"].removesuffix(".")}
