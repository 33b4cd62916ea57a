"""The lamp's flicker goes; strobes, washes, fades and what moves stay; what is calm stays bit for bit."""

from collections.abc import Callable
from fractions import Fraction

import numpy as np
import pytest
import torch
from torch import Tensor

from restoration.engine.ageing.lamp import flicker, local_flicker
from restoration.engine.facts import Defect
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.repair.flicker import REPAIR, TRACE_REACH, FlickerTracer, calm, judge
from restoration.engine.settings import FlickerSettings
from restoration.engine.specimen import Finding, rows_of
from restoration.engine.stage import ShotContext, Trace
from tests import clips, concert

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SIZE = (180, 120)
RATE = Fraction(24)

LIGHT: dict[str, Callable[[], Tensor]] = {
    **{name: lambda effect=effect: effect(24) for name, effect in concert.EFFECTS.items()},  # type: ignore[misc]
    "a strobe in rhythm": lambda: clips.strobe(clips.scene(24, SIZE), 4, 16),
    "a flash": lambda: clips.flash(clips.scene(24, SIZE), 12),
    "a wash": lambda: clips.wash(clips.scene(24, SIZE), 8),
    "a fade": lambda: clips.fade_out(clips.scene(24, SIZE), 10),
    "a dissolve": lambda: clips.dissolve(clips.scene(16, SIZE), clips.scene(16, SIZE, seed=3), 8),
    "noise": lambda: clips.noisy(clips.scene(24, SIZE), 0.02, 0.02),
}


def calmed(clip: Tensor, rows: Tensor | None = None, *, first: int = 0, traced_from: int = 0, is_local: bool = False,
           largest: float = 0.3) -> Tensor:
    rows = rows_of([(planes, None) for planes in clip], FlickerTracer()) if rows is None else rows
    context = ShotContext(RATE, Fraction(1), trace=Trace(traced_from, rows))
    stage = calm(FlickerSettings(enabled=True, is_local=is_local, largest=largest), context)
    made = list(stage(Frame(planes, first + index, COLOR) for index, planes in enumerate(clip)))
    assert [frame.number for frame in made] == list(range(first, first + len(clip)))
    return torch.stack([frame.planes for frame in made])


def found(clip: Tensor) -> Finding:
    """As the analysis asks: even lines, the first row left out."""
    return judge(rows_of([(planes[:, ::2], 0) for planes in clip], FlickerTracer())[1:], RATE)["flicker"]


def decibels(one: Tensor, two: Tensor) -> float:
    return float(-10 * (one - two).square().mean().log10())


def test_flicker_of_the_whole_picture_is_calmed() -> None:
    aged = flicker(clips.scene(24, SIZE), 1)
    assert decibels(calmed(aged.clip), aged.truth) > decibels(aged.clip, aged.truth) + 5


def test_flicker_of_parts_is_calmed_where_that_is_asked_for() -> None:
    aged = local_flicker(clips.scene(24, SIZE), 2)
    before = decibels(aged.clip, aged.truth)
    assert decibels(calmed(aged.clip, is_local=True), aged.truth) > before + 3
    assert decibels(calmed(aged.clip), aged.truth) < before + 3


def test_how_much_it_flickers_is_measured_as_a_share() -> None:
    weak, strong = (found(flicker(clips.scene(24, SIZE), 3, gain=gain, contrast=0).clip) for gain in (0.02, 0.06))
    assert 0.01 < weak.value < 0.03
    assert 0.04 < strong.value < 0.08
    assert strong.confidence > 0.5


def test_a_calm_picture_stays_bit_for_bit() -> None:
    clip = clips.scene(24, SIZE)
    assert torch.equal(calmed(clip, is_local=True), clip)
    assert found(clip).value == 0


@pytest.mark.parametrize("light", LIGHT)
def test_light_of_the_scene_stays(light: str) -> None:
    clip = LIGHT[light]()
    assert torch.equal(calmed(clip, is_local=True), clip)
    assert found(clip).value == 0


def test_a_flash_amid_flicker_keeps_its_light() -> None:
    aged = flicker(clips.scene(24, SIZE), 1, gain=0.03)
    flashing = clips.flash(aged.clip, 12)
    assert torch.equal(calmed(flashing)[12], flashing[12])
    assert not torch.equal(calmed(flashing)[14], flashing[14])


def test_no_frame_is_corrected_by_more_than_was_allowed() -> None:
    aged = flicker(clips.scene(24, SIZE), 1, gain=0.08)
    change = (calmed(aged.clip, largest=0.05)[:, 0] + 0.03) / (aged.clip[:, 0].clamp(min=0) + 0.03)
    assert float(change.max()) < 1.0501 and float(change.min()) > 1 / 1.0501


def test_film_frames_shown_twice_are_calmed_alike() -> None:
    twice = flicker(clips.scene(14, SIZE), 4).clip.repeat_interleave(2, 0)
    made = calmed(twice)
    assert torch.equal(made[0::2], made[1::2])
    assert not torch.equal(made, twice)


def test_it_does_not_matter_where_the_trace_begins() -> None:
    dice = np.random.default_rng(1)
    gains = np.exp(dice.normal(0, 0.05, 2 * TRACE_REACH + 40))
    still = clips.moment(0, (64, 48))
    rows = rows_of([(still * float(gain), None) for gain in gains], FlickerTracer())
    clip = torch.stack([still * float(gain) for gain in gains[TRACE_REACH + 10:TRACE_REACH + 16]])
    entire = calmed(clip, rows, first=TRACE_REACH + 10)
    shorter = rows[10:10 + 2 * TRACE_REACH + 6].clone()
    shorter[0, 1] = 0
    assert torch.equal(calmed(clip, shorter, first=TRACE_REACH + 10, traced_from=10), entire)
    assert not torch.equal(entire, clip)


def test_the_advice_says_whether_parts_flicker_by_themselves() -> None:
    def chosen(local: float) -> dict:
        return dict(REPAIR.advice[0].choose(Defect(name="flicker", severity=0.5, confidence=0.9, value=0.04,
                                                   unit="share", hints={"local": local, "most": 0.1})))

    assert chosen(0.005) == {"enabled": True, "is_local": False, "largest": 0.15}
    assert chosen(0.035)["is_local"]
