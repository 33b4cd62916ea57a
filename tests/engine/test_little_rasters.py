"""Rasters from 12 columns and lines on are analysed and restored like all others: where a picture is too small for a
detector to say anything, nothing is found."""

from pathlib import Path

import pytest

from restoration.engine import pipeline
from restoration.engine.fitting import fitted
from restoration.engine.settings import PRESETS, Settings
from tests import clips

RASTERS = [(12, 64), (64, 12), (320, 12), (20, 12), (17, 13), (12, 12), (13, 40)]
FRAMES = 6
MOST_TIMES = 2  # Enlarged by more, little is learnt for a long time.


@pytest.mark.parametrize(("size", "has_fields", "has_colour"), [
    *((size, False, True) for size in RASTERS), *((size, False, False) for size in RASTERS[:3]),
    *((size, True, True) for size in RASTERS if size[1] % 2 == 0), (RASTERS[1], True, False)])
def test_a_little_raster_is_analysed_and_restored(tmp_path: Path, size: tuple[int, int], has_fields: bool,
                                                  has_colour: bool) -> None:
    clip = clips.interlace(clips.scene(2 * FRAMES, size)) if has_fields else clips.scene(FRAMES, size)
    if not has_colour:
        clip[:, 1:] = 0
    source = clips.write(tmp_path / "little.mkv", clips.noisy(clip, 0.03, 0.03 if has_colour else 0), clips.NTSC,
                         pixel_format="yuv422p", fields="tff" if has_fields else None)
    report = pipeline.analyse(source)
    presets = {name: fitted(preset.settings, report.source) for name, preset in PRESETS.items()}
    for name, settings in {"recommended": report.recommendation.settings, **presets}.items():
        done = pipeline.restore(source, tmp_path / f"{name}.mkv", _quick(settings, size[1]), report=report,
                                workdir=tmp_path / "work")
        assert done.master.frames == FRAMES * (2 if settings.fields.method == "frames" else 1)


def _quick(settings: Settings, lines: int) -> Settings:
    height = settings.upscale.height
    if height is None or height <= MOST_TIMES * lines:
        return settings
    return settings.model_copy(update={"upscale": settings.upscale.model_copy(update={"height": MOST_TIMES * lines})})
