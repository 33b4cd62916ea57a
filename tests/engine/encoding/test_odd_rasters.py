"""Pictures of an odd number of columns or lines, as 853x480 is: seen, compared and delivered like all others."""

import io
from pathlib import Path

import av
import numpy as np
import numpy.typing as npt
import pytest
from PIL import Image

from restoration.engine import pipeline
from restoration.engine.encoding import before_after, pair_reel, renditions
from restoration.engine.encoding.captions import Captions
from restoration.engine.encoding.stills import still_of_master, still_of_source
from restoration.engine.facts import AnalysisReport, Recommendation, Shot
from restoration.engine.settings import Settings
from tests import clips

WIDE, TALL, FRAMES = 97, 63, 3
AS_IT_IS = Settings()


@pytest.fixture(scope="module")
def source(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """An even orange of standard definition."""
    clip = clips.even(FRAMES, (WIDE, TALL), 0.6)
    clip[:, 1], clip[:, 2] = -0.15, 0.12
    return clips.write(tmp_path_factory.mktemp("odd") / "source.mkv", clip, pixel_format="yuv420p")


@pytest.fixture(scope="module")
def report(source: Path) -> AnalysisReport:
    return AnalysisReport(engine="test", source=pipeline.inspect(source), shots=(Shot(index=0, start=0, end=FRAMES),),
                          recommendation=Recommendation(preset="as-is", settings=AS_IT_IS, reasons=()))


@pytest.fixture(scope="module")
def master(source: Path, report: AnalysisReport) -> Path:
    made = source.with_name("master.mkv")
    pipeline.restore(source, made, AS_IT_IS, workdir=source.parent / "work", report=report)
    return made


def pixels(png: bytes) -> npt.NDArray[np.int16]:
    return np.asarray(Image.open(io.BytesIO(png)), dtype=np.int16)


def test_both_stills_hold_every_column_and_line_in_one_colour(source: Path, master: Path,
                                                              report: AnalysisReport) -> None:
    of_source = pixels(still_of_source(source, 1, facts=report.source, settings=AS_IT_IS))
    of_master = pixels(still_of_master(master, 1))
    assert of_source.shape == of_master.shape == (TALL, WIDE, 3)
    assert np.abs(of_source - of_source[TALL // 2, WIDE // 2]).max() <= 1
    assert np.abs(of_master - of_source).max() <= 2


def test_it_can_be_compared(source: Path, master: Path, report: AnalysisReport) -> None:
    reel = source.with_name("reel.mp4")
    assert pair_reel.render(source, master, reel, facts=report.source, settings=AS_IT_IS).frames == FRAMES
    clip = source.with_name("clip.mp4")
    before_after.render(source, master, clip, facts=report.source, settings=AS_IT_IS, style="wipe",
                        span=before_after.Span(0, FRAMES), captions=Captions())
    for made in (reel, clip):
        with av.open(str(made)) as container:
            luma = next(container.decode(video=0)).to_ndarray(format="gray")
        assert abs(int(luma[2, 2]) - int(luma[-3, -3])) <= 3


@pytest.mark.parametrize("profile", ["mezzanine", "access", "hlg", "av1"])
def test_it_can_be_delivered(master: Path, profile: str) -> None:
    made = renditions.render(profile, master, master.with_name(profile + renditions.profiles.profile(profile).suffix))
    assert made.frames == FRAMES


def test_the_mezzanine_keeps_the_colour_of_its_last_column(master: Path) -> None:
    """FFmpeg writes ProRes of 97 columns without the colour of the last, so it gets one more of the same."""
    made = master.with_name("even.mov")
    assert renditions.render("mezzanine", master, made).width == WIDE + 1
    with av.open(str(made)) as container:
        picture = next(container.decode(video=0)).reformat(format="yuv444p").to_ndarray().astype(int)
    assert np.abs(picture[:, 2:-2, -1] - picture[:, 2:-2, WIDE // 2]).max() <= 2
