"""What a person is told after they asked for something: that it was done, or the one sentence why it was not."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest
from django.utils.translation import gettext

from archive.errors import RefusedError
from restoration.engine.errors import EngineError


@dataclass
class Asked:
    """How it ended: `refusal` is the sentence that says why it was not done, `done` the one that says it was; the
    action may put another in its place."""

    refusal: str = ""
    done: str = ""

    @property
    def was_done(self) -> bool:
        return not self.refusal


@contextmanager
def telling(request: HttpRequest, done: str = "", *, in_form: bool = False) -> Iterator[Asked]:
    """Run an action inside; its refusal becomes a notice on the next page, and so does its success. With `in_form` the
    refusal is left to the form that is shown again."""
    asked = Asked(done=done)
    try:
        yield asked
    except ValidationError as error:
        asked.refusal = " ".join(error.messages)
    except (EngineError, RefusedError) as error:
        asked.refusal = gettext(error.text).format(**error.values)
    if asked.refusal:
        if in_form:
            return
        messages.error(request, asked.refusal)
    elif asked.done:
        messages.success(request, asked.done)
