"""An exception holds for whole shots, or is refused before anything is made."""

from fractions import Fraction

import pytest

from restoration.engine.errors import SettingsError
from restoration.engine.excepting import aligned, refuse_astray
from restoration.engine.facts import AnalysisReport, Recommendation, Shot, SourceFacts
from restoration.engine.settings import Override, Settings

SOURCE = SourceFacts(name="reel.mov", rate=Fraction(25), frames=100, width=720, height=576,
                     pixel_aspect=Fraction(16, 15), scan="progressive", field_order=None, duration=Fraction(4))
CUTS = ((0, 40), (40, 90), (90, 100))
REPORT = AnalysisReport(
    engine="test", source=SOURCE,
    shots=tuple(Shot(index=index, start=start, end=end) for index, (start, end) in enumerate(CUTS)),
    recommendation=Recommendation(preset="as-is", settings=Settings(), reasons=()))


def excepting(*ranges: tuple[int, int]) -> Settings:
    return Settings(overrides=tuple(Override(start=start, end=end, changes={"noise": {"enabled": True}})
                                    for start, end in ranges))


@pytest.mark.parametrize("frames", [(0, 40), (40, 90), (90, 100), (0, 90), (40, 100), (0, 100)])
def test_whole_shots_can_be_excepted(frames: tuple[int, int]) -> None:
    asked = excepting((0, 100), frames)
    refuse_astray(asked, REPORT)
    assert aligned(asked, REPORT)[0] == asked


@pytest.mark.parametrize(("frames", "whole"), [((0, 39), "0:40"), ((1, 40), "0:40"), ((50, 60), "40:90"),
                                               ((39, 91), "0:100"), ((40, 95), "40:100")])
def test_a_part_of_a_shot_cannot(frames: tuple[int, int], whole: str) -> None:
    with pytest.raises(SettingsError, match=f"cuts a shot in two. .* {whole} would be such"):
        refuse_astray(excepting((0, 40), frames), REPORT)


@pytest.mark.parametrize("frames", [(90, 101), (200, 300)])
def test_nor_what_lies_beyond_the_source(frames: tuple[int, int]) -> None:
    with pytest.raises(SettingsError, match=r"ends beyond “.*”, which has 100"):
        refuse_astray(excepting(frames), REPORT)


def test_where_cuts_lie_elsewhere_now_exceptions_hold_for_the_shots_whose_middles_they_held() -> None:
    before = excepting((0, 41), (30, 95), (45, 55), (92, 97), (300, 400))
    after, moved, left_out = aligned(before, REPORT)
    assert [(each.start, each.end) for each in after.overrides] == [(0, 40), (40, 100), (90, 100)]
    assert (moved, left_out) == (3, 2)
    refuse_astray(after, REPORT)
    for shot in REPORT.shots:
        assert after.at(shot.start, shot.end) == before.at(shot.start, shot.end)


def test_where_the_cuts_lie_as_they_did_nothing_moves() -> None:
    before = excepting((0, 40), (0, 100), (90, 100))
    assert aligned(before, REPORT) == (before, 0, 0)
