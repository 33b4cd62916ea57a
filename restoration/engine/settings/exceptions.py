"""Settings that hold for a part of the reel alone."""

from typing import Any, Self

from pydantic import Field, model_validator

from restoration.engine.errors import gettext_noop
from restoration.engine.settings.refusals import refused
from restoration.engine.settings.section import Section


class Override(Section):
    """Settings that differ from the reel's between two source frames: {"noise": {"luma": 0.3}}.

    Only repairs that keep the number and size of frames can differ within a reel.
    """

    start: int = Field(ge=0, title=gettext_noop("First frame"))
    end: int = Field(ge=1, title=gettext_noop("Frame after the last"))
    changes: dict[str, dict[str, Any]]

    @model_validator(mode="after")
    def _has_frames(self) -> Self:
        if self.end <= self.start:
            raise refused("exception without frames", start=self.start, end=self.end)
        return self
