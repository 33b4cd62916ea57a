"""A setting is told where it changes the picture, and not where another one keeps it from doing so."""

import pytest

from restoration.engine.effect import told
from restoration.engine.settings import (
    FieldsSettings,
    GrainSettings,
    NoiseSettings,
    Override,
    Settings,
    UpscaleSettings,
    parse,
)

NETWORK = "ab" * 32


def upscale(lines: int = 480, **chosen: object) -> tuple[str, ...]:
    return told(Settings(upscale=UpscaleSettings.model_validate(chosen)), lines)["upscale"]


def test_a_share_is_told_beside_its_network_alone() -> None:
    assert upscale(height=1080) == ("height", "method", "weights")
    assert upscale(height=1080, weights=NETWORK) == ("height", "method", "weights", "natural")
    assert upscale(height=1080, weights=NETWORK, natural=0) == ("height", "method")
    assert upscale(method="filters", weights=NETWORK) == ("height",)


@pytest.mark.parametrize(("chosen", "names"), [
    ({}, ("enabled", "strength", "smallest", "weights")),
    ({"weights": NETWORK}, ("enabled", "strength", "smallest", "weights", "natural")),
    ({"weights": NETWORK, "natural": 0}, ("enabled", "strength", "smallest"))])
def test_a_share_in_faces_is_told_beside_its_network_alone(chosen: dict[str, object], names: tuple[str, ...]) -> None:
    assert told(parse({"faces": {"enabled": True, **chosen}}), 480)["faces"] == names


def test_a_network_that_smooths_blocks_takes_the_place_of_another_way() -> None:
    assert told(parse({"blocking": {"enabled": True}}), 480)["blocking"] == ("enabled", "method", "strength", "weights")
    assert told(parse({"blocking": {"enabled": True, "weights": NETWORK}}), 480)["blocking"] == (
        "enabled", "strength", "weights")


def test_a_network_of_a_single_shot_is_told_with_its_share() -> None:
    single = parse({"overrides": [{"start": 0, "end": 9, "changes": {"faces": {"enabled": True, "weights": NETWORK}}}]})
    assert "natural" in told(single, 480)["faces"]


def test_the_sharpness_of_filters_is_told_where_filters_enlarge() -> None:
    assert "sharpness" in upscale(height=1080, method="filters")
    assert "sharpness" not in upscale(height=1080)
    assert "sharpness" in upscale(lines=1080, height=1080), "where our network has nothing to say, filters enlarge"


def test_grain_is_given_back_where_noise_was_taken() -> None:
    grain = Settings(grain=GrainSettings(amount=0.5))
    assert told(grain, 480)["grain"] == ()
    assert told(grain.model_copy(update={"noise": NoiseSettings(enabled=True)}), 480)["grain"] == ("amount",)


def test_adapted_weights_are_told_where_the_network_follows() -> None:
    for network, is_told in (("auto", True), ("off", False)):
        noise = NoiseSettings.model_validate({"enabled": True, "network": network, "weights": NETWORK})
        assert ("weights" in told(Settings(noise=noise), 480)["noise"]) is is_told


@pytest.mark.parametrize(("method", "names"), [
    ("frames", ("method", "order", "keep_lines", "weave_film")), ("film", ("method", "order", "keep_lines")),
    ("none", ("method", "order"))])
def test_what_concerns_other_frames_than_are_made_is_not_told(method: str, names: tuple[str, ...]) -> None:
    assert told(Settings(fields=FieldsSettings.model_validate({"method": method, "order": "bff"})), 480)[
        "fields"] == names


def test_what_is_off_is_not_told_unless_a_single_shot_has_it() -> None:
    assert told(Settings(), 480)["noise"] == ()
    single = Settings(overrides=(Override(start=0, end=9, changes={"noise": {"enabled": True}}),))
    assert "luma" in told(single, 480)["noise"]
    assert told(single, 480)["grain"] == ("amount",)
