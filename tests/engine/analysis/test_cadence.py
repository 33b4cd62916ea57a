"""Moments or fields, which field first: told from the picture."""

from pathlib import Path

import pytest
import torch

from restoration.engine.analysis import cadence
from tests import clips

SIZE = (128, 96)
LOOKS = [{}, {"speed": (0.3, 0.1)}, {"brightness": 0.15}]


def verdict_of(clip: torch.Tensor, noise: float = 3.0) -> cadence.Verdict:
    return cadence.detect(clips.noisy(clip, noise / 255)[:, 0])


@pytest.mark.parametrize("look", LOOKS)
def test_whole_moments_are_progressive(look: dict) -> None:
    assert verdict_of(clips.scene(24, SIZE, **look)).scan == "progressive"


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("order", ["tff", "bff"])
def test_fields_of_two_moments_tell_their_order(order: str, look: dict) -> None:
    found = verdict_of(clips.interlace(clips.scene(48, SIZE, rate=2, **look), order))
    assert (found.scan, found.order) == ("interlaced", order)


@pytest.mark.parametrize("look", LOOKS)
@pytest.mark.parametrize("order", ["tff", "bff"])
def test_film_over_fields_is_known_by_its_rhythm(order: str, look: dict) -> None:
    found = verdict_of(clips.telecine(clips.scene(24, SIZE, **look), order))
    assert (found.scan, found.order) == ("telecined", order)


@pytest.mark.parametrize("order", ["tff", "bff"])
def test_a_broken_rhythm_is_still_telecine(order: str) -> None:
    found = verdict_of(clips.telecine(clips.scene(60, SIZE), order, breaks=(21, 42)))
    assert (found.scan, found.order) == ("telecined", order)


def test_strong_noise_changes_nothing() -> None:
    found = verdict_of(clips.interlace(clips.scene(60, SIZE, rate=2), "bff"), noise=10)
    assert (found.scan, found.order) == ("interlaced", "bff")


def test_what_stands_still_cannot_be_told() -> None:
    assert verdict_of(clips.scene(1, SIZE).repeat(24, 1, 1, 1)).scan is None
    assert verdict_of(clips.even(12, SIZE), noise=0).scan is None


def test_flashing_light_on_fields_does_not_make_them_whole_moments() -> None:
    moments = clips.strobe(clips.scene(60, SIZE, rate=2), 4, 50, period=7)
    assert verdict_of(clips.interlace(moments, "tff")).scan != "progressive"


def test_a_reel_is_what_its_moving_shots_are_and_mixed_where_they_differ() -> None:
    fields = cadence.Verdict("interlaced", "bff", 1.0, 100)
    assert cadence.of_reel([fields, cadence.Verdict(None)]).scan == "interlaced"
    assert cadence.of_reel([fields, cadence.Verdict(None)]).order == "bff"
    assert cadence.of_reel([fields, cadence.Verdict("progressive", None, 1.0, 100)]).scan == "mixed"
    assert cadence.of_reel([]).scan is None


@pytest.mark.footage
@pytest.mark.parametrize(("name", "scan", "order"), [
    ("news_pal_704x576i_tff.ts", "interlaced", "tff"),
    ("MADE_telecine_480i_from_dog.mpg", "telecined", "tff"),
    ("bikes_640x272.mp4", "progressive", None),
    ("old_film_sf_earthquake_1906.mkv", "progressive", None),
    ("people_768x576_msmpeg4.avi", "progressive", None),
])
def test_real_tapes_and_films(footage: Path, name: str, scan: str, order: str | None) -> None:
    found = cadence.detect(clips.luma_of(footage / "good" / name, 120))
    assert (found.scan, found.order) == (scan, order)
