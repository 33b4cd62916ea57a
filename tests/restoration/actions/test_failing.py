import errno
import logging

import pytest

from archive.errors import RefusedError
from restoration.actions.failing import explain
from restoration.engine.errors import SourceError


def test_a_persons_fault_is_told_as_the_engine_said_it() -> None:
    sentence = explain(SourceError("“{name}” has no picture.", name="a.mov"), during="analysis 1")
    assert (sentence.text, sentence.values, sentence.reference) == (
        "“{name}” has no picture.", {"name": "a.mov"}, "")
    assert explain(RefusedError("No {what}.", what=1.5), during="x").values == {"what": 1.5}


def test_a_full_disk_is_called_by_its_name() -> None:
    for number in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG):
        assert "disk is full" in explain(OSError(number, "no space"), during="x").text


def test_our_fault_is_logged_under_the_reference_that_is_shown(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.ERROR):
        sentence = explain(KeyError("planes"), during="shot 3 of run 1")
    assert sentence.values == {"reference": sentence.reference}
    assert f"Reference {sentence.reference}: shot 3 of run 1 failed" in caplog.text
    assert "KeyError: 'planes'" in caplog.text
    assert "planes" not in sentence.text
