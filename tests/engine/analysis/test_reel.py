"""The whole analysis: known noise is found, every shot is described, every setting has its reason."""

from fractions import Fraction
from pathlib import Path

import pytest
import torch

from restoration.engine.analysis import noise_level, recommend
from restoration.engine.analysis.reel import analyse_frames
from restoration.engine.compute.local import binomial
from restoration.engine.errors import SettingsError
from restoration.engine.facts import AnalysisReport, Defect, Shot, SourceFacts
from restoration.engine.fitting import refuse_unfit
from restoration.engine.media.inspect import inspect
from restoration.engine.media.reader import read
from restoration.engine.settings import UpscaleSettings
from tests import clips
from tests.concert import led_walls

SIZE = (192, 128)
WIDE = (360, 240)


def analysed(path: Path) -> AnalysisReport:
    facts = inspect(path)
    return analyse_frames(read(path, facts), facts)


@pytest.mark.parametrize("sigma", [1, 2, 4, 8, 12])
@pytest.mark.parametrize("look", [{"flat": 0.4}, {"speed": (0, 0)}])
def test_known_noise_is_found_within_15_percent(sigma: int, look: dict) -> None:
    clip = clips.noisy(clips.scene(2, SIZE, **look), sigma / 255, 1.5 * sigma / 255)
    found = noise_level.sample(clip[1], clip[0])
    assert found is not None
    assert 255 * found.luma == pytest.approx(sigma, rel=0.15)
    assert 255 * found.chroma == pytest.approx(1.5 * sigma, rel=0.15)


@pytest.mark.parametrize("speed", [1.3, 3, 5])
@pytest.mark.parametrize("sigma", [0.5, 1, 4, 12])
@pytest.mark.parametrize("coarse", [1, 3])
def test_noise_over_moving_texture_beside_a_wall_is_found_within_15_percent(sigma: float, speed: float,
                                                                          coarse: int) -> None:
    moving = clips.scene(2, WIDE, speed=(speed, 0.3 * speed), flat=0.4)
    clip = clips.noisy(moving, sigma / 255, coarse=coarse)
    found = noise_level.sample(clip[1], clip[0])
    assert found is not None
    assert 255 * found.luma == pytest.approx(sigma, rel=0.15)


@pytest.mark.parametrize("seed", [0, 5, 9])
@pytest.mark.parametrize("speed", [1.3, 3, 5])
def test_texture_that_moves_everywhere_is_not_taken_for_noise(speed: float, seed: int) -> None:
    moving = clips.scene(2, WIDE, seed, speed=(speed, 0.3 * speed))
    for sigma in (0, 1, 4):
        clip = clips.noisy(moving, sigma / 255)
        found = noise_level.sample(clip[1], clip[0])
        assert found is not None
        assert 255 * found.luma == pytest.approx(sigma, abs=0.3, rel=0.2)


@pytest.mark.parametrize("seed", [5, 6])
def test_a_wall_of_lamps_that_changes_its_light_has_no_noise(seed: int) -> None:
    clip = led_walls(12, WIDE, seed)
    pairs = [noise_level.sample(clip[at], clip[at - 1]) for at in range(1, 12)]
    luma, chroma = noise_level.of_shot([pair for pair in pairs if pair])
    assert 255 * luma < 0.3 and 255 * chroma < 0.3


def test_fine_detail_that_moves_by_a_line_is_not_taken_for_noise(tmp_path: Path) -> None:
    detail = binomial(torch.randn(SIZE[1] + 16, SIZE[0] + 40, generator=torch.Generator().manual_seed(0)))
    clip = clips.even(12, SIZE, 0.5)
    for number in range(12):
        clip[number, 0] += 0.4 * detail[number:number + SIZE[1], 3 * number:3 * number + SIZE[0]]
    report = analysed(clips.write(tmp_path / "foliage.mkv", clip))
    assert 255 * (report.shots[0].noise_luma or 0) < 1


def test_a_repeated_frame_does_not_hide_the_grain(tmp_path: Path) -> None:
    film = clips.noisy(clips.scene(14, SIZE, speed=(0, 0)), 4 / 255).repeat_interleave(2, 0)
    path = clips.write(tmp_path / "film.mkv", film)
    report = analysed(path)
    assert 255 * (report.shots[0].noise_luma or 0) == pytest.approx(4, rel=0.15)


def test_noise_in_the_dark_shows_in_the_curve() -> None:
    ramp = clips.scene(2, SIZE, speed=(0, 0))
    ramp[:, 0] = (ramp[:, 0] > 0.5) * 0.6 + 0.15
    ramp[:, 0, :, :96], ramp[:, 0, :, 96:] = 0.15, 0.75
    clip = clips.noisy(ramp, lambda luma: (luma < 0.5) * 6 / 255 + 2 / 255)
    found = noise_level.sample(clip[1], clip[0])
    assert found is not None
    dark, bright = found.by_luma[1], found.by_luma[5] or found.by_luma[6]
    assert dark is not None and bright is not None
    assert dark > 3 * bright


def test_grain_is_told_from_electronic_noise_by_its_clumps() -> None:
    still = clips.scene(1, SIZE).repeat(2, 1, 1, 1)
    fine, coarse = (clips.noisy(still, 5 / 255, coarse=size) for size in (1, 2))
    one, two = noise_level.sample(fine[1], fine[0]), noise_level.sample(coarse[1], coarse[0])
    assert one is not None and two is not None
    assert min(one.along, one.across) < 0.1 < 0.3 < min(two.along, two.across)


def test_two_shots_of_an_interlaced_tape_are_described_in_one_pass(tmp_path: Path) -> None:
    moments = clips.scene(48, SIZE, rate=2, flat=0.3)
    tape = clips.interlace(moments, "bff")
    other = clips.interlace(clips.scene(48, SIZE, 7, rate=2), "bff")
    reel = clips.noisy(torch.cat([tape, other]), 5 / 255)
    path = clips.write(tmp_path / "tape.mkv", reel, clips.NTSC, fields="tff")
    report = analysed(path)
    assert (report.source.scan, report.source.field_order) == ("interlaced", "bff")
    assert [(shot.start, shot.end) for shot in report.shots] == [(0, 24), (24, 48)]
    assert 255 * (report.shots[0].noise_luma or 0) == pytest.approx(5, rel=0.3)
    assert {defect.name for defect in report.shots[0].defects} >= {"noise", "combing"}
    assert report.recommendation.settings.fields.method == "frames"
    assert report.recommendation.settings.fields.order == "bff"


def test_one_frame_is_analysed_too(tmp_path: Path) -> None:
    path = clips.write(tmp_path / "one.mkv", clips.scene(1, SIZE))
    report = analysed(path)
    assert [(shot.start, shot.end) for shot in report.shots] == [(0, 1)]


def facts(**changes: object) -> SourceFacts:
    return SourceFacts(**{"name": "reel", "rate": Fraction(25), "frames": 100, "width": 720, "height": 576,
                          "pixel_aspect": Fraction(16, 15), "scan": "progressive", "field_order": None,
                          "duration": Fraction(4), **changes})


def shot(luma: float, chroma: float = 0.0) -> Shot:
    return Shot(index=0, start=0, end=100, transition="start", noise_luma=luma / 255, noise_chroma=chroma / 255)


def test_no_master_is_recommended_that_would_be_refused_as_too_wide() -> None:
    wide = facts(width=2400, height=480, pixel_aspect=Fraction(1))
    found = recommend.recommend(wide, [shot(0.3)]).settings
    assert found.upscale.height is None
    with pytest.raises(SettingsError, match="columns wide"):
        refuse_unfit(found.model_copy(update={"upscale": UpscaleSettings(height=2160)}), wide)


def test_clean_modern_pictures_are_left_alone() -> None:
    found = recommend.recommend(facts(width=1920, height=1080, pixel_aspect=Fraction(1)), [shot(0.3)])
    assert found.preset == "as-is"
    assert found.settings.noise.enabled is False
    assert found.settings.upscale.height is None


@pytest.mark.parametrize("scan", ["progressive", "interlaced", "telecined", "mixed"])
def test_what_combs_is_not_made_larger_before_its_fields_are_frames(scan: str) -> None:
    comb = Defect(name="combing", severity=0.5, confidence=0.9, value=0.03, unit="share")
    combed = shot(0.3).model_copy(update={"defects": (comb,)})
    settings = recommend.recommend(facts(scan=scan, field_order="tff"), [combed]).settings
    assert (settings.upscale.height is not None) == (settings.fields.method != "none")


def test_clean_whole_frames_that_are_only_enlarged_are_told_so() -> None:
    found = recommend.recommend(facts(), [shot(0.3)])
    assert found.settings.upscale.height == 2160
    assert "only the size is changed" in " ".join(str(reason) for reason in found.reasons)


def test_where_there_is_a_gpu_the_larger_networks_are_used_and_told_of() -> None:
    without, there = (recommend.recommend(facts(), [shot(20)], has_gpu=has_gpu) for has_gpu in (False, True))
    assert (without.settings.upscale.method, without.settings.noise.network) == ("network", "auto")
    assert (there.settings.upscale.method, there.settings.noise.network) == ("large", "large")
    told = [reason.field for reason in there.reasons if "GPU" in str(reason)]
    assert told == ["upscale.method", "noise.network"]


def test_where_no_larger_network_is_made_for_it_none_is_told_of() -> None:
    film = recommend.recommend(facts(height=480, rate=Fraction(24)), [shot(0.3)], has_gpu=True)
    assert (film.settings.upscale.height, film.settings.upscale.method) == (960, "network")
    assert not [reason for reason in film.reasons if "GPU" in str(reason)]


def test_a_noisy_tape_gets_what_its_noise_needs_with_numbers() -> None:
    source = facts(scan="interlaced", field_order="bff")
    calm, loud = (recommend.recommend(source, [shot(level, level)]) for level in (2, 9))
    assert loud.preset == "tape"
    assert loud.settings.upscale.height == 2160
    assert loud.settings.noise.luma > calm.settings.noise.luma
    assert loud.settings.noise.radius > calm.settings.noise.radius
    said = " ".join(str(reason) for reason in loud.reasons)
    assert "9.0/255" in said and "50.00" in said and "2880×2160" not in said.replace("2880×2160", "", 1)
    switched = {"fields.method", "noise.enabled", "upscale.height", "grain.amount"}
    assert switched <= {reason.field for reason in loud.reasons}


def test_film_is_looked_for_where_some_was_found_alone() -> None:
    video, mixed = (recommend.recommend(facts(scan=scan, field_order="tff"), [shot(5)]).settings.fields
                    for scan in ("interlaced", "mixed"))
    assert (video.method, video.weave_film) == ("frames", False)
    assert (mixed.method, mixed.weave_film) == ("frames", True)


def test_nothing_is_said_of_colour_where_there_is_none() -> None:
    said = " ".join(str(reason) for reason in recommend.recommend(facts(), [shot(2, 0.0)]).reasons)
    assert "Noise of 2.0/255 in brightness can be seen." in said
    assert "One neighbour on each side" in said
    assert "in colour" not in said


def test_film_keeps_its_grain_and_telecine_is_told_honestly() -> None:
    found = recommend.recommend(facts(scan="telecined", field_order="tff", rate=clips.NTSC), [shot(5)])
    assert found.preset == "film"
    assert found.settings.grain.amount == 0.7
    assert found.settings.fields.method == "film"
    assert any("23.976 a second" in str(reason) for reason in found.reasons)


def test_film_of_a_drop_frame_tape_is_told_what_becomes_of_its_labels() -> None:
    kept, dropped = (recommend.recommend(facts(scan="telecined", field_order="tff", rate=clips.NTSC, drop_frame=drops),
                                         [shot(5)]) for drops in (False, True))
    assert not any("drops frame numbers" in str(reason) for reason in kept.reasons)
    assert any("drops frame numbers" in str(reason) for reason in dropped.reasons)


def test_what_a_shot_is_like_is_told_beside_what_is_wrong(tmp_path: Path) -> None:
    film = clips.noisy(clips.scene(30, SIZE, flat=0.4), 5 / 255, coarse=2)
    film[20] = film[19]
    path = clips.write(tmp_path / "film.mkv", film)
    found = analysed(path).shots[0]
    assert found.traits.is_grainy is True
    assert any(sigma is not None and 255 * sigma == pytest.approx(5, rel=0.3) for sigma in found.traits.noise_by_luma)
    assert found.traits.looks >= 1
    noise = next(defect for defect in found.defects if defect.name == "noise")
    assert any(name.startswith("luma ") for name in noise.hints)
    assert next(defect for defect in found.defects if defect.name == "repeated frames").frames == (20,)
