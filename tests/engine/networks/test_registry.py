"""Which of the shipped networks settings ask for."""

import pytest

from restoration.engine.networks.registry import networks_used, upscaler
from restoration.engine.settings import Settings, UpscaleSettings


@pytest.mark.parametrize(("lines", "wanted", "name"), [
    (1080, 2160, "upscaler-x2"), (720, 1080, "upscaler-x2"), (480, 2160, "upscaler-x4"), (576, 1154, "upscaler-x4")])
def test_what_twice_is_enough_for_is_not_made_four_times_as_large(lines: int, wanted: int, name: str) -> None:
    assert upscaler(lines, wanted).name == name
    asked = Settings(upscale=UpscaleSettings(height=wanted))
    assert [each.name for each in networks_used(asked, 0.0, lines)] == [name]


def test_filters_ask_for_none() -> None:
    asked = Settings(upscale=UpscaleSettings(height=2160, method="filters"))
    assert networks_used(asked, 0.0, 1080) == ()
