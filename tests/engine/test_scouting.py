"""Finding out about a shot heeds a stop as soon as anything does: between two frames."""

from dataclasses import dataclass
from pathlib import Path

import pytest

from restoration.engine import pipeline
from restoration.engine.errors import Cancelled
from restoration.engine.facts import AnalysisReport, Recommendation, Shot
from restoration.engine.progress import Progress
from restoration.engine.scouting import texture_of
from restoration.engine.settings import NoiseSettings, Settings
from tests import clips

QUIETER = Settings(noise=NoiseSettings(enabled=True, radius=2))
SHOT = Shot(index=0, start=0, end=9, noise_luma=0.03, noise_chroma=0.0)


@dataclass
class Stop:
    """Somebody asks for it after that many frames."""

    after: int
    asked: int = 0

    def __call__(self) -> bool:
        self.asked += 1
        return self.asked > self.after


@pytest.fixture
def source(tmp_path: Path) -> Path:
    return clips.write(tmp_path / "clip.mkv", clips.noisy(clips.scene(9), 0.03))


@pytest.mark.parametrize("frames", [0, 3])
def test_the_texture_is_not_looked_for_any_further_once_somebody_asks_to_stop(source: Path, frames: int) -> None:
    stop = Stop(frames)
    with pytest.raises(Cancelled):
        texture_of(source, QUIETER, pipeline.inspect(source), SHOT, is_cancelled=stop)
    assert stop.asked == frames + 1


def test_the_texture_is_the_same_whoever_listens(source: Path) -> None:
    stop = Stop(1000)
    facts = pipeline.inspect(source)
    assert texture_of(source, QUIETER, facts, SHOT, is_cancelled=stop) == texture_of(source, QUIETER, facts, SHOT)
    assert stop.asked >= 5, "as often as frames go in"


def test_a_shot_that_is_stopped_while_its_texture_is_looked_for_makes_no_frame(source: Path, tmp_path: Path) -> None:
    report = AnalysisReport(engine="test", source=pipeline.inspect(source), shots=(SHOT,),
                            recommendation=Recommendation(preset="as-is", settings=Settings(), reasons=()))
    stop, seen = Stop(2), list[Progress]()
    with pytest.raises(Cancelled):
        pipeline.restore_shot(source, report, SHOT, QUIETER, tmp_path / "segment.mkv", report_progress=seen.append,
                              is_cancelled=stop)
    assert stop.asked == 3 and not seen
