"""Settings that would spoil their source are refused in one sentence; presets are fitted so that they never are."""

from fractions import Fraction
from typing import Any

import pytest

from restoration.engine.errors import SettingsError
from restoration.engine.facts import SourceFacts
from restoration.engine.fitting import fitted, refuse_unfit
from restoration.engine.settings import (
    PRESETS,
    FacesSettings,
    FieldsSettings,
    Override,
    RetimeSettings,
    Settings,
    UpscaleSettings,
)

FRAMES = FieldsSettings(method="frames")
DOUBLE, FIVE = RetimeSettings(rate="double"), RetimeSettings(rate="five for two")


def _source(**facts: Any) -> SourceFacts:
    return SourceFacts(**{"name": "reel.mov", "rate": Fraction(25), "frames": 100, "width": 720, "height": 576,
                          "pixel_aspect": Fraction(16, 15), "scan": "progressive", "field_order": None,
                          "duration": Fraction(4), **facts})


def _scaled(height: int, fields: FieldsSettings = FieldsSettings()) -> Settings:  # noqa: B008
    return Settings(fields=fields, upscale=UpscaleSettings(height=height))


def _excepting(section: str, enabled: Any) -> Settings:
    return Settings(overrides=(Override(start=0, end=5, changes={section: {"enabled": enabled}}),))


def _refusal(chosen: Settings, source: SourceFacts) -> SettingsError | None:
    try:
        refuse_unfit(chosen, source)
    except SettingsError as error:
        return error
    return None


@pytest.mark.parametrize(("facts", "chosen", "problem"), [
    ({"scan": "interlaced"}, _scaled(1080), "would comb"),
    ({"scan": "telecined"}, _scaled(1080), "would comb"),
    ({"scan": "mixed"}, _scaled(1080), "would comb"),
    ({"scan": "interlaced"}, Settings(faces=FacesSettings(enabled=True)), "joined from whole frames"),
    ({"scan": "interlaced"}, Settings(overrides=(Override(start=0, end=5, changes={"faces": {"enabled": True}}),)),
     "joined from whole frames"),
    ({"scan": "interlaced"}, Settings(overrides=(Override(start=0, end=5, changes={"depth": {"enabled": True}}),)),
     "layers are told from whole frames"),
    ({"height": 243}, Settings(fields=FRAMES), "243 lines, an odd number"),
    ({}, _scaled(480), "480 lines would hold less than the 576"),
    ({"width": 2048, "height": 858, "pixel_aspect": Fraction(1)}, _scaled(4320), "10312 columns wide"),
    ({"scan": "interlaced"}, Settings(fields=FRAMES, retime=DOUBLE), "all the moments that there are"),
    ({"scan": "interlaced"}, Settings(retime=DOUBLE), "all the moments that there are"),
    ({"rate": Fraction(50)}, Settings(retime=DOUBLE), "would have 100 frames a second"),
    ({}, Settings(retime=FIVE), "would have 62.5 frames a second"),
    ({}, Settings(retime=FIVE), "Set “Frame rate” to “Twice as many”, or to “As it is”."),
    ({"width": 11}, _scaled(1080), "11×576: pictures of less than 12 columns or lines"),
    ({"height": 2}, Settings(faces=FacesSettings(enabled=True)), "720×2: pictures of less than 12 columns or lines"),
])
def test_what_would_spoil_the_source_is_refused_with_what_to_change(facts: dict[str, Any], chosen: Settings,
                                                                   problem: str) -> None:
    assert problem in str(_refusal(chosen, _source(**facts)))


@pytest.mark.parametrize("chosen", [DOUBLE, FIVE])
def test_where_not_even_twice_as_many_fit_nobody_is_sent_there(chosen: RetimeSettings) -> None:
    said = str(_refusal(Settings(retime=chosen), _source(rate=Fraction(50))))
    assert said.endswith("Set “Frame rate” to “As it is”.")
    assert "Twice as many" not in said


@pytest.mark.parametrize(("facts", "chosen"), [
    ({"scan": "interlaced"}, Settings()), ({"scan": "interlaced"}, _scaled(2160, FRAMES)), ({}, _scaled(576)),
    ({"height": 243}, Settings()), ({}, Settings(retime=DOUBLE)),
    ({"rate": Fraction(24000, 1001)}, Settings(retime=FIVE)),
    ({"scan": "telecined"}, Settings(fields=FieldsSettings(method="film"), retime=DOUBLE)),
    ({"width": 1920, "height": 1080, "pixel_aspect": Fraction(1)}, _scaled(4320)),
])
def test_what_suits_the_source_is_not_refused(facts: dict[str, Any], chosen: Settings) -> None:
    assert _refusal(chosen, _source(**facts)) is None


@pytest.mark.parametrize("preset", PRESETS)
@pytest.mark.parametrize("scan", ["progressive", "interlaced", "telecined", "mixed"])
@pytest.mark.parametrize("lines", [480, 1080, 2160])
def test_every_preset_is_fitted_to_every_kind_of_source(preset: str, scan: str, lines: int) -> None:
    source = _source(scan=scan, height=lines, field_order=None if scan == "progressive" else "bff")
    settings = fitted(PRESETS[preset].settings, source)
    assert _refusal(settings, source) is None
    if scan == "progressive":
        assert settings.fields.method == "none"
    else:
        assert settings.fields.order == "bff"


@pytest.mark.parametrize("preset", PRESETS)
def test_of_the_smallest_pictures_a_preset_leaves_nothing_but_the_master(preset: str) -> None:
    source = _source(width=8, height=6, scan="interlaced", field_order="bff")
    assert _refusal(fitted(PRESETS[preset].settings, source), source) is None


def test_a_preset_never_makes_a_master_smaller_than_its_source() -> None:
    assert fitted(PRESETS["film"].settings, _source(height=2160)).upscale.height is None
    assert fitted(PRESETS["film"].settings, _source(height=576)).upscale.height == 1080


def test_film_is_put_together_again_only_where_film_was_found() -> None:
    assert fitted(PRESETS["film"].settings, _source(scan="telecined", field_order="tff")).fields.method == "film"
    assert fitted(PRESETS["tape"].settings, _source(scan="interlaced", field_order="tff")).fields.method == "frames"
    film = Settings(fields=FieldsSettings(method="film"))
    refuse_unfit(film, _source(scan="telecined"))
    refuse_unfit(film, _source(scan="mixed"))
    for scan in ("interlaced", "progressive"):
        with pytest.raises(SettingsError, match="No film was found"):
            refuse_unfit(film, _source(scan=scan))


@pytest.mark.parametrize(("facts", "rate"), [({"rate": Fraction(24)}, "five for two"), ({}, "as it is"),
                                             ({"scan": "interlaced", "rate": Fraction(24)}, "as it is")])
def test_frames_in_between_are_kept_where_they_fit(facts: dict[str, Any], rate: str) -> None:
    assert fitted(Settings(retime=FIVE), _source(**facts)).retime.rate == rate


@pytest.mark.parametrize("preset", PRESETS)
def test_a_preset_never_makes_a_master_that_is_too_wide(preset: str) -> None:
    source = _source(width=320, height=12, pixel_aspect=Fraction(1))
    assert _refusal(fitted(PRESETS[preset].settings, source), source) is None


@pytest.mark.parametrize("section", ["faces", "depth"])
@pytest.mark.parametrize(("enabled", "is_refused"), [("on", True), (1, True), ("off", False), ("no", False)])
def test_an_exception_counts_as_the_engine_reads_it(section: str, enabled: Any, is_refused: bool) -> None:
    refused = _refusal(_excepting(section, enabled), _source(scan="interlaced", field_order="tff"))
    assert (refused is not None) is is_refused
