"""Which of the shipped networks settings ask for, and whether these are what is told of them."""

import random

import pytest
import torch

from restoration.engine.networks.registry import network, networks_used, upscaler
from restoration.engine.networks.weights import load
from restoration.engine.settings import BlockingSettings, NoiseSettings, Settings, UpscaleSettings, parse


@pytest.mark.parametrize(("lines", "wanted", "name"), [
    (1080, 2160, "upscaler-x2"), (720, 1080, "upscaler-x2"), (480, 2160, "upscaler-x4"), (576, 1154, "upscaler-x4")])
def test_what_twice_is_enough_for_is_not_made_four_times_as_large(lines: int, wanted: int, name: str) -> None:
    assert upscaler(lines, wanted).name == name
    asked = Settings(upscale=UpscaleSettings(height=wanted))
    assert [each.name for each in networks_used(asked, 0.0, lines)] == [name]


def test_the_network_for_a_gpu_is_there_for_four_times_as_many_lines() -> None:
    assert upscaler(480, 2160, is_large=True).name == "upscaler-x4-large"
    assert upscaler(1080, 2160, is_large=True).name == "upscaler-x2"


def test_each_repair_asks_for_the_size_that_it_was_told() -> None:
    asked = Settings(upscale=UpscaleSettings(height=2160, method="large"), noise=NoiseSettings(enabled=True),
                     blocking=BlockingSettings(enabled=True, method="large"))
    assert [each.name for each in networks_used(asked, 20 / 255, 480)] == [
        "upscaler-x4-large", "cleaner", "cleaner-large"]


def test_filters_ask_for_none() -> None:
    asked = Settings(upscale=UpscaleSettings(height=2160, method="filters"))
    assert networks_used(asked, 0.0, 1080) == ()


@pytest.mark.parametrize(("name", "planes"), [
    ("upscaler-x2", 17), ("upscaler-x4", 65), ("upscaler-x4-large", 65), ("cleaner", 18),
    ("cleaner-large", 18), ("tape-mender", 3), ("dirt", 11)])
def test_what_a_network_makes_depends_on_nothing_beyond_its_margin_and_on_nearly_all_within(
        name: str, planes: int) -> None:
    known, place = network(name), 96
    shown = torch.rand(1, planes, 16, 2 * place, generator=torch.Generator().manual_seed(1), requires_grad=True)
    load(known, torch.device("cpu"))(shown)[..., place * known.scale].sum().backward()
    assert shown.grad is not None
    weighs = shown.grad.abs().sum(dim=(0, 1, 2)).nonzero().flatten() - place
    reach = max(-int(weighs.min()), int(weighs.max()))
    # Pictures are parted where whole multiples end.
    assert known.margin - 5 <= reach < known.margin + known.multiple


def test_networks_of_others_count_where_they_have_a_part_in_the_reel_or_in_some_of_it() -> None:
    one, two, three = ("ab" * 32, "cd" * 32, "ef" * 32)
    idle = {"upscale": {"weights": one}, "faces": {"weights": two}, "blocking": {"weights": three}}
    assert parse(idle).brought == set()
    assert parse({"upscale": {"weights": one, "height": 1080}, "blocking": {"weights": three, "enabled": True}}
                 ).brought == {one, three}
    faces = {"enabled": True, "weights": one}
    nested = parse({"faces": faces, "overrides": [
        {"start": 0, "end": 50, "changes": {"faces": {"natural": 0}}},
        {"start": 10, "end": 20, "changes": {"faces": {"weights": two}}},
        {"start": 10, "end": 90, "changes": {"noise": {"enabled": True}}},
        {"start": 15, "end": 30, "changes": {"faces": {"natural": 0.2}}}]})
    assert nested.brought == {one, two}
    assert nested.at(10, 14).brought == set() and nested.at(16, 18).brought == {two}
    assert (nested.adapted, nested.networks) == (set(), {("faces", one), ("faces", two)})
    assert parse({"faces": faces, "overrides": [{"start": 2, "end": 9, "changes": {"faces": {"enabled": False}}}]}
                 ).at(3, 6).brought == set()


@pytest.mark.parametrize("seed", range(20))
def test_what_has_a_part_anywhere_is_what_has_one_in_some_frame(seed: int) -> None:
    dice = random.Random(seed)
    overrides = []
    for _ in range(dice.randint(0, 12)):
        start = dice.randint(0, 30)
        overrides.append({"start": start, "end": start + dice.randint(1, 12), "changes": {
            "noise": {key: value for key, value in (
                ("enabled", dice.random() < 0.7), ("weights", dice.choice([None, "ab" * 32, "cd" * 32, "ef" * 32])),
                ("network", dice.choice(["off", "auto"]))) if dice.random() < 0.6},
            "faces": {"enabled": dice.random() < 0.8, "weights": dice.choice(["ab" * 32, "cd" * 32])}}})
    settings = parse({"overrides": overrides})
    here = [settings.at(frame, frame + 1) for frame in range(50)]
    assert settings.adapted == {each.noise.adapted for each in here if each.noise.adapted}
    assert settings.brought == {each.faces.weights for each in here if each.faces.draws}
