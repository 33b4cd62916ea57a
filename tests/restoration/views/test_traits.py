"""What the analysis page says of a shot that is no fault: its texture, its noise by brightness, faces, rhythm."""

from collections.abc import Iterator

import pytest
from django.utils import translation

from restoration.engine.facts import AnalysisReport, Traits
from restoration.views.traits import Likeness, likenesses
from tests.restoration import factories


@pytest.fixture(autouse=True)
def _in_english() -> Iterator[None]:
    with translation.override("en"):
        yield


def told(traits: Traits) -> Likeness:
    report = factories.report()
    shots = tuple(shot.model_copy(update={"traits": traits}) for shot in report.shots)
    changed: AnalysisReport = report.model_copy(update={"shots": shots})
    return likenesses(changed)[1]


@pytest.mark.parametrize(("clumping", "words"), [(0.4, "film grain"), (0.05, "electronic noise"),
                                                 (None, "too little to tell")])
def test_grain_is_told_from_electronic_noise(clumping: float | None, words: str) -> None:
    assert told(Traits(clumping=clumping)).texture == words


def test_the_noise_by_brightness_is_a_curve_and_is_read_out() -> None:
    found = told(Traits(noise_by_luma=(6 / 255, None, 3 / 255, 24 / 255)))
    assert found.curve == "12.0,14.0 60.0,21.0 84.0,0.0"
    assert found.curve_words == "Noise from dark to bright, of 255: 6.0 · – · 3.0 · 24.0"


def test_without_a_measure_there_is_no_curve() -> None:
    assert told(Traits(noise_by_luma=(None, None))).curve_words == ""
    assert told(Traits()).curve == ""


def test_faces_are_told_with_the_place_where_they_were_seen() -> None:
    assert told(Traits(looks=4, with_faces=3, faces=2, face_frames=(45,))).faces == \
        "2 faces, in 3 of 4 looks, at 01:00:01:15"
    assert told(Traits(looks=4)).faces == "none seen"
    assert told(Traits()).faces == "not looked for"


def test_how_a_shot_moves_is_told() -> None:
    assert [told(traits).motion for traits in (Traits(), Traits(shown=2), Traits(still="still"),
                                               Traits(still="black"))] == [
        "moving", "each picture shown 2 times", "a still picture", "black throughout"]
