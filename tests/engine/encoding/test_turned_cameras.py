"""A recording of a turned camera: whatever is made of it stands upright, and its original beside it."""

import io
from fractions import Fraction
from pathlib import Path

import av
import numpy as np
import pytest
import torch
from PIL import Image

from restoration.engine import masks, pipeline
from restoration.engine.encoding import before_after, pair_reel, renditions, side_by_side
from restoration.engine.encoding.captions import Captions
from restoration.engine.encoding.stills import still_of_master, still_of_source
from restoration.engine.facts import AnalysisReport, Recommendation, RestoreReport, Shot
from restoration.engine.looking import look_at
from restoration.engine.settings import Retouch, Settings, UpscaleSettings
from tests import clips

FRAMES = 6
UPRIGHT = clips.numbered(clips.scene(FRAMES, (64, 96)))
# A corner, of the upright picture, that somebody drew a mask on.
CORNER = ((0.75, 0.75), (0.95, 0.75), (0.95, 0.95), (0.75, 0.95))
SETTINGS = Settings(upscale=UpscaleSettings(height=192, method="filters"),
                    retouch=(Retouch(start=0, end=FRAMES, points=CORNER),))
SHAPE = (160, 192)  # Upright pixels of 5:4, made square at 192 lines.


@pytest.fixture(scope="module", params=[(90, False), (180, False), (270, False), (0, True)],
                ids=["quarter", "upside-down", "three-quarters", "mirrored"])
def source(request: pytest.FixtureRequest, tmp_path_factory: pytest.TempPathFactory) -> Path:
    turned, is_mirrored = request.param
    coded = Fraction(4, 5) if turned % 180 else Fraction(5, 4)
    return clips.write(tmp_path_factory.mktemp("turned") / "source.mov",
                       clips.lying(UPRIGHT, turned, is_mirrored=is_mirrored), pixel_format="yuv422p10le",
                       pixel_aspect=coded, turned=turned, is_mirrored=is_mirrored, sound=clips.Sound(0.2))


@pytest.fixture(scope="module")
def report(source: Path) -> AnalysisReport:
    return AnalysisReport(engine="test", source=pipeline.inspect(source), shots=(Shot(index=0, start=0, end=FRAMES),),
                          recommendation=Recommendation(preset="as-is", settings=SETTINGS, reasons=()))


@pytest.fixture(scope="module")
def done(source: Path, report: AnalysisReport) -> RestoreReport:
    return pipeline.restore(source, source.with_name("master.mkv"), SETTINGS, workdir=source.parent / "work",
                            report=report)


@pytest.fixture(scope="module")
def master(source: Path, done: RestoreReport) -> Path:
    return source.with_name(done.master.name)


def number_on(luma: torch.Tensor) -> int:
    return clips.number_of(luma.expand(3, -1, -1))


def seen(png: bytes) -> torch.Tensor:
    return torch.from_numpy(np.asarray(Image.open(io.BytesIO(png)).convert("L"), np.float32) / 255)


def test_the_master_stands_upright_in_its_own_shape(master: Path, done: RestoreReport) -> None:
    assert (done.master.width, done.master.height, done.master.pixel_aspect) == (*SHAPE, 1)
    assert [number_on(luma) for luma in clips.luma_of(master)] == list(range(FRAMES))
    with av.open(str(master)) as container:
        assert next(container.decode(video=0)).rotation == 0


def test_the_analysis_looks_at_the_upright_picture(source: Path, report: AnalysisReport) -> None:
    found = pipeline.analyse(source)
    assert (found.source.width, found.source.height, found.source.remarks) == (64, 96, report.source.remarks)


def test_it_is_measured_as_faithful_to_the_upright_recording(done: RestoreReport) -> None:
    added = done.segments[0].faithfulness
    assert added is not None and added.holds


def test_a_mask_drawn_on_the_upright_picture_lies_where_it_was_drawn(source: Path, done: RestoreReport) -> None:
    kept = source.parent / "work" / f"{done.segments[0].digest}.changes.zip"
    drawn = masks.mask(kept, "retouch", 2)
    assert drawn is not None
    mask = np.asarray(Image.open(io.BytesIO(drawn)).convert("L")) > 0
    assert mask.shape == (96, 64)
    assert mask[72:91, 48:61].mean() > 0.8 and mask[:68].sum() == mask[:, :44].sum() == 0


def test_a_raster_that_is_kept_keeps_the_upright_shape_of_its_pixels(source: Path, report: AnalysisReport) -> None:
    kept = pipeline.restore(source, source.with_name("kept.mkv"), Settings(), workdir=source.parent / "work",
                            report=report)
    assert (kept.master.width, kept.master.height, kept.master.pixel_aspect) == (64, 96, Fraction(5, 4))
    of_source = still_of_source(source, 3, facts=report.source, settings=Settings())
    of_master = still_of_master(source.with_name("kept.mkv"), 3)
    assert seen(of_source).shape == seen(of_master).shape == (96, 80)
    assert (seen(of_source) - seen(of_master)).abs().mean() < 1 / 255


def test_stills_of_both_sides_and_a_look_are_one_picture(source: Path, master: Path, report: AnalysisReport) -> None:
    original = seen(still_of_source(source, 4, facts=report.source, settings=SETTINGS, size=SHAPE))
    restored = seen(still_of_master(master, 4))
    (_, looked), = look_at(source, report, report.shots[0], SETTINGS, [4])
    assert torch.equal(seen(looked), restored)
    assert original.shape == restored.shape == SHAPE[::-1]
    assert number_on(original) == number_on(restored) == 4
    assert (original - restored)[:140].abs().mean() < 0.02


def test_the_pair_reel_shows_both_upright(source: Path, master: Path, report: AnalysisReport) -> None:
    reel = source.with_name("pair.mp4")
    made = pair_reel.render(source, master, reel, facts=report.source, settings=SETTINGS, side_height=96)
    assert (made.side_width, made.side_height, made.frames, made.has_sound) == (80, 96, FRAMES, True)
    for number, luma in enumerate(clips.luma_of(reel)):
        original, restored = luma[:, :80], luma[:, 80:]
        assert number_on(original) == number_on(restored) == number
        assert (original - restored)[:70].abs().mean() < 0.03
    with av.open(str(reel)) as container:
        assert next(container.decode(video=0)).rotation == 0


@pytest.mark.parametrize("style", ["wipe", "side_by_side"])
def test_a_clip_shows_both_upright(source: Path, master: Path, report: AnalysisReport,
                                   style: before_after.Style) -> None:
    clip = source.with_name(f"{style}.mp4")
    before_after.render(source, master, clip, facts=report.source, settings=SETTINGS, style=style,
                        span=before_after.Span(2, 5), captions=Captions("", ""))
    first, *_, last = clips.luma_of(clip)
    assert first.shape == (SHAPE[1], SHAPE[0] if style == "wipe" else 2 * SHAPE[0])
    assert number_on(first[:, :SHAPE[0]]) == 2
    assert number_on(last[:, -SHAPE[0]:]) == 4


def test_copies_stand_upright(master: Path) -> None:
    renditions.render("access", master, master.with_name("access.mp4"))
    assert [number_on(luma) for luma in clips.luma_of(master.with_name("access.mp4"))] == list(range(FRAMES))


def test_views_for_two_eyes_stand_upright(source: Path, report: AnalysisReport) -> None:
    eyes = source.with_name("eyes.mp4")
    side_by_side.render(source, eyes, facts=report.source, start=1, end=4, amount=0.0)
    assert [number_on(luma[:, :80]) for luma in clips.luma_of(eyes)] == [1, 2, 3]
