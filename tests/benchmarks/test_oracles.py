"""Filters get the very pictures and give them back; what cannot run says why."""

from pathlib import Path

import pytest
import torch

from benchmarks.quality.case import Oracle
from benchmarks.quality.oracles import CannotRun, ask
from benchmarks.quality.truth import MissingFootage, planes_of, samples_of
from benchmarks.quality.truth import clips as truth_clips
from tests import clips


def test_samples_keep_what_lies_beyond_black_and_white() -> None:
    clip = clips.scene(2, (32, 24)) * 1.04 - 0.02
    assert float((planes_of(samples_of(clip)) - clip).abs().max()) < 1 / 50000


def test_a_filter_that_does_nothing_gives_the_clip_back() -> None:
    clip = clips.scene(3, (64, 48))
    answer = ask(Oracle("nothing", "null"), {}, clip)
    assert answer.works_in == "yuv444p16le"
    assert float((answer.planes - clip).abs().max()) < 1 / 50000


def test_a_filter_of_eight_bits_says_so() -> None:
    clip = clips.scene(2, (64, 48))
    assert ask(Oracle("nlmeans", "nlmeans=s={s}"), {"s": "1"}, clip).works_in == "yuv444p"


def test_fields_are_flagged_with_their_order() -> None:
    moments = clips.scene(8, (64, 48), speed=(3, 0), flat=0.3)
    errors = {}
    for order in ("tff", "bff"):
        answer = ask(Oracle("bwdif", "bwdif=mode=send_field"), {}, clips.interlace(moments, order), order)
        errors[order] = float((answer.planes - moments)[2:-2, 0].square().mean())
        assert len(answer.planes) == len(moments)
    wrong = ask(Oracle("bwdif", "bwdif=mode=send_field"), {}, clips.interlace(moments, "tff"), "bff").planes
    assert max(errors.values()) < 0.5 * float((wrong - moments)[2:-2, 0].square().mean())


def test_a_filter_may_look_twice() -> None:
    clip = clips.scene(4, (64, 48))
    steady = Oracle("vidstab", "vidstabtransform=input={file}:smoothing=2", first="vidstabdetect=result={file}")
    assert ask(steady, {}, clip).planes.shape == clip.shape


def test_a_filter_that_is_not_there_says_why() -> None:
    with pytest.raises(CannotRun, match="nosuchfilter"):
        ask(Oracle("nobody", "nosuchfilter"), {}, torch.zeros(1, 3, 24, 32))


def test_clips_that_are_not_there_stop_the_run_with_a_sentence(tmp_path: Path) -> None:
    with pytest.raises(MissingFootage, match="there is no folder"):
        truth_clips("reporting", tmp_path / "nowhere", 4)
