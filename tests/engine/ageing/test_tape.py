"""The tape's defects one at a time: known truth, known places, nothing else changed."""

import pytest
import torch

from restoration.engine.ageing import composite, tape
from tests import clips


def test_the_carrier_turns_from_frame_to_frame_and_is_back_after_two() -> None:
    field = torch.zeros(3, 8, 96)
    field[1] = 0.2
    first, second, third, fifth = (composite.encode(field, number, composite.TAPE)[:, 24:-24]
                                   for number in (0, 1, 2, 4))
    middle = 0.075
    assert torch.allclose(first - middle, middle - third, atol=1e-5)
    assert torch.allclose(first, fifth, atol=1e-4) and torch.allclose(first, second, atol=1e-5)
    assert torch.allclose(first[0] - middle, middle - first[1], atol=1e-5)


def test_crosstalk_of_what_stands_still_is_the_opposite_in_the_next_frame() -> None:
    aged = tape.composite_crosstalk(clips.scene(1, (96, 64)).expand(8, -1, -1, -1), 0)
    left = aged.clip - aged.truth
    assert float(left.abs().max()) > 0.01
    assert torch.allclose(left[0], -left[1], atol=1e-4) and torch.allclose(left[0], left[2], atol=1e-4)


def test_grey_without_detail_and_black_have_no_crosstalk() -> None:
    aged = tape.composite_crosstalk(clips.even(4, (96, 64), 0.5), 1)
    assert float((aged.clip - aged.truth).abs().max()) < 1e-3


@pytest.mark.parametrize("damage", [tape.composite_crosstalk, tape.dropouts, tape.chroma_delay, tape.line_jitter])
def test_a_seed_makes_the_same_damage_in_half_as_many_frames(damage: object) -> None:
    clip = clips.scene(4, (96, 64))
    one, two = damage(clip, 3), damage(clip, 3)  # type: ignore[operator]
    assert torch.equal(one.clip, two.clip) and one.order == "bff"
    assert one.clip.shape == one.truth.shape == (2, 3, 64, 96)
    assert not torch.equal(one.clip, one.truth)


def test_dropouts_are_where_their_mask_says_in_lines_of_single_fields() -> None:
    aged = tape.dropouts(clips.scene(12, (180, 120), speed=(0, 0)), 5, per_field=0.4)
    assert aged.masks is not None and 0.0005 < float(aged.masks.float().mean()) < 0.05
    assert float((aged.clip - aged.truth).abs().amax(1)[~aged.masks].max()) <= 3 / 255 + 1e-6


def test_colour_lies_where_it_was_put() -> None:
    clip = clips.even(2, (96, 64), 0.5)
    clip[:, 1, 24:40, 40:56] = 0.3
    aged = tape.chroma_delay(clip, 0, across=3, down=4)
    moved = torch.roll(aged.truth[:, 1], (4, 3), (1, 2))
    assert torch.allclose(aged.clip[:, 1], moved, atol=1e-4)
    assert torch.equal(aged.clip[:, 0], aged.truth[:, 0])


def test_lines_are_moved_by_what_is_told() -> None:
    clip = clips.even(2, (96, 64))
    clip[:, 0] = torch.linspace(0, 1, 96)
    aged = tape.line_jitter(clip, 4, pixels=0.5)
    delays = tape.line_delays(2, 32, 4, 0.5)
    shown = (aged.truth - aged.clip)[0, 0, 1::2, 48] * 95
    assert torch.allclose(shown, delays[0], atol=1e-3)
