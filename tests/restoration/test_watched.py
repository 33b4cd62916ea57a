"""What a browser says it has shown: kept as said, and harmless where it says nonsense."""

import json

import pytest

from restoration import watched

SHOTS = ((0, 40), (40, 50), (50, 100))


def kept(**told: object) -> dict[str, object]:
    return watched.parse(json.dumps(told), frames=100, shots=SHOTS)


def test_frames_are_counted_once_and_shots_where_half_of_them_was_seen() -> None:
    report = kept(frames=[[0, 19], [10, 20], [45, 60], [90, 400], [-5, 2]], modes={"wipe": 4, "side": 9},
                  zooms={"fit": 8, "2": 5}, exact=3)
    assert report == {"seen": 45, "of": 100, "shots": [1, 2], "of_shots": 3, "modes": ["side", "wipe"],
                      "zooms": ["fit", "2"], "exact": 3}
    assert watched.in_words(report) == "45 % of the frames, 2 of 3 shots, Side by side, Wipe, 2:1, 3 exact stills"


@pytest.mark.parametrize("text", ["", "{", "[]", "7", "null", "x" * 300_000, "[" * 150_000])
def test_what_cannot_be_read_says_nothing(text: str) -> None:
    assert watched.parse(text, frames=100, shots=SHOTS) == {}
    assert watched.in_words({}) == "What was watched was not reported."


def test_nonsense_inside_is_left_out() -> None:
    report = kept(frames=[[5, 4], [1.5, 2], "x", [True, 9], [3]], modes={"<b>": 3, "wipe": -1, "side": "many"},
                  zooms=["fit"], exact=1e9)
    assert report == {"seen": 0, "of": 100, "shots": [], "of_shots": 3, "modes": [], "zooms": [], "exact": 0}
