"""A worker is told where all adapted weights lie that any frame needs."""

import pytest

from restoration.actions.weights import weights_path
from restoration.engine.networks import cleaning
from restoration.engine.settings import parse
from restoration.jobs.networks import lay_out


def test_weights_that_hold_everywhere_but_in_the_middle_of_their_exception_are_laid_out(
        monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(cleaning, "_files", {})
    adapted = "ab" * 32
    lay_out(parse({"overrides": [
        {"start": 0, "end": 100, "changes": {"noise": {"enabled": True, "weights": adapted}}},
        {"start": 40, "end": 60, "changes": {"noise": {"weights": None}}}]}))
    assert cleaning._files == {adapted: weights_path(adapted)}
