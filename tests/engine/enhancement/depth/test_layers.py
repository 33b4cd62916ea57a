"""The map tells a figure from its ground by each cue, and by them together; clips whose layers are known."""

from fractions import Fraction
from math import cos, pi, sin

import pytest
import torch
from torch import Tensor

from restoration.engine.compute.facefinding import Face
from restoration.engine.demo import singer, stage
from restoration.engine.demo.cutout import Light
from restoration.engine.demo.show import Show, medium, to_ycbcr
from restoration.engine.enhancement.depth import REACH, layered
from restoration.engine.enhancement.depth import layers as room
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.stage import ShotContext
from tests import clips

COLOR = ColorSpec("bt709", "bt709", "bt709")
WIDE, TALL = 240, 160
LIGHTS = [Light((-0.9, -0.4, 0.1), (0.8, 0.6, 0.5)), Light((0.8, -0.3, -0.4), (1.2, 0.9, 1.4))]


def maps(clip: Tensor, first: int = 0, sigma: float = 0.0) -> Tensor:
    context = ShotContext(Fraction(25), Fraction(1), noise_sigma=(sigma, sigma))
    return torch.stack([each.near for each in layered(
        (Frame(planes, first + index, COLOR) for index, planes in enumerate(clip)), context)])


def texture(across: float, wave: float, seed: int) -> Tensor:
    """A grey pattern of waves so long and up to four times as long, moved to the right."""
    dice = torch.Generator().manual_seed(seed)
    y, x = torch.meshgrid(torch.arange(TALL, dtype=torch.float32), torch.arange(WIDE, dtype=torch.float32),
                          indexing="ij")
    made = torch.full_like(x, 0.4)
    for turn, phase, longer in torch.rand(24, 3, generator=dice).tolist():
        way = 2 * pi / (wave * 4 ** longer)
        made += 0.03 * torch.cos(way * ((x - across) * cos(pi * turn) + y * sin(pi * turn)) + 2 * pi * phase)
    return made


def figure(time: float = 0.0) -> Tensor:
    """A body in the middle, moving to the left."""
    mask = torch.zeros(TALL, WIDE)
    left = 90 - round(time)
    mask[40:, left:left + 60] = 1
    return mask


def filmed(frames: int, *, ground: float, own: float, speed: float = 0.0, pan: float = 0.0) -> Tensor:
    """ground, own: the length of waves behind and on the figure, which moves at `speed` to the left."""
    clip = torch.zeros(frames, 3, TALL, WIDE)
    for number in range(frames):
        time = float(number)
        mask = figure(speed * time)
        clip[number, 0] = texture(pan * time, ground, 1) * (1 - mask) + texture(-speed * time, own, 2) * mask
    return clip


def told_apart(near: Tensor, mask: Tensor) -> float:
    return float(near[mask > 0.9].mean() - near[mask < 0.1].mean())


def test_what_is_in_focus_stands_before_what_is_not() -> None:
    assert told_apart(maps(filmed(3, ground=50, own=6))[1], figure()) > 0.3


@pytest.mark.parametrize("pan", [0.0, 1.5])
def test_what_moves_by_itself_stands_before_what_the_camera_moves(pan: float) -> None:
    assert told_apart(maps(filmed(3, ground=7, own=7, speed=2, pan=pan))[1], figure(2)) > 0.15


def test_noise_is_not_taken_for_focus() -> None:
    noisy = clips.noisy(filmed(3, ground=50, own=6), 0.02)
    assert told_apart(maps(noisy, sigma=0.02)[1], figure()) > 0.2


def test_a_face_and_what_is_under_it_stand_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(room, "faces_in", lambda luma, aspect: (Face(120, 60, 24, 32),))
    near = maps(filmed(7, ground=7, own=7))[3]
    assert float(near[50:70, 110:130].mean()) > 0.8
    assert float(near[130:, 110:130].mean()) > float(near[130:, :30].mean()) + 0.3


def test_where_all_is_alike_nothing_is_told_apart() -> None:
    near = maps(clips.even(3, (WIDE, TALL), 0.4))[1]
    assert float(near.std()) < 0.15


def test_a_singer_stands_before_her_stage() -> None:
    show, time = Show.of(8, 7), 4.0
    clip, mask = [], torch.zeros(0)
    for number in range(3):
        now = time + number / 60
        view = medium(now)
        ground = stage.backdrop(view, now, show.things) + 0.02
        bare, lit = torch.zeros_like(ground), torch.ones_like(ground)
        clip.append(to_ycbcr(singer.draw(ground, view, now, LIGHTS, show.things.sparkle).clamp(0, 1) ** (1 / 2.2)))
        if number == 1:
            mask = 1 - (singer.draw(lit, view, now, LIGHTS, show.things.sparkle)
                        - singer.draw(bare, view, now, LIGHTS, show.things.sparkle)).mean(0)
    assert told_apart(maps(torch.stack(clip))[1], mask) > 0.2


def test_a_part_with_its_neighbours_has_the_maps_of_the_whole() -> None:
    clip = clips.scene(2 * REACH + 4, (96, 64))
    whole = maps(clip)
    assert torch.equal(maps(clip[2:], first=2)[REACH:REACH + 2], whole[2 + REACH:4 + REACH])


def test_the_map_is_steady_where_the_light_is_not() -> None:
    """A strobe changes what can be seen of a moment, not where things stand."""
    clip = filmed(9, ground=50, own=6)
    clip[4, 0] = (2.2 * clip[4, 0] + 0.3).clamp(max=1.05)
    near = maps(clip)
    assert float((near[4] - near[3])[figure() > 0.9].mean().abs()) < 0.1
