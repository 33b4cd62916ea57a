"""The gate's tremble goes; pans, hands and light stay; what is steady stays bit for bit."""

from fractions import Fraction

import pytest
import torch
from torch import Tensor

from restoration.engine.ageing.gate import moved_by, path, weave
from restoration.engine.facts import Defect
from restoration.engine.frames import ColorSpec, Frame, fields_of
from restoration.engine.repair.weave import REPAIR, TRACE_REACH, WeaveTracer, judge, steady
from restoration.engine.settings import WeaveSettings
from restoration.engine.specimen import rows_of
from restoration.engine.stage import ShotContext, Trace
from tests import clips, concert

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SIZE = (180, 120)
RATE = Fraction(24)


def traced(clip: Tensor) -> Tensor:
    return rows_of([(planes, None) for planes in clip], WeaveTracer())


def steadied(clip: Tensor, rows: Tensor | None = None, *, first: int = 0, traced_from: int = 0,
             largest: float = 3.0) -> Tensor:
    trace = Trace(traced_from, traced(clip) if rows is None else rows)
    stage = steady(WeaveSettings(enabled=True, largest=largest), ShotContext(RATE, Fraction(1), trace=trace))
    made = list(stage(Frame(planes, first + index, COLOR) for index, planes in enumerate(clip)))
    assert [frame.number for frame in made] == list(range(first, first + len(clip)))
    return torch.stack([frame.planes for frame in made])


def found(clip: Tensor) -> float:
    """As the analysis asks: even lines, the first row left out."""
    return judge(rows_of([(planes[:, ::2], 0) for planes in clip], WeaveTracer())[1:], RATE)["weave"].value


def decibels(one: Tensor, two: Tensor) -> float:
    return float(-10 * (one - two).square().mean().log10())


@pytest.mark.parametrize("speed", [(0.0, 0.0), (1.3, 0.4)])
def test_a_trembling_picture_comes_nearer_to_the_steady_one(speed: tuple[float, float]) -> None:
    aged = weave(clips.scene(24, SIZE, speed=speed), 1)
    assert decibels(steadied(aged.clip), aged.truth) > decibels(aged.clip, aged.truth) + 4


def test_how_much_it_trembles_is_measured_in_pixels() -> None:
    values = [found(weave(clips.scene(24, SIZE), 2, down=down, across=down / 3).clip) for down in (0.3, 0.9)]
    assert 0.15 < values[0] < 0.45
    assert 0.6 < values[1] < 1.2


def test_a_steady_picture_stays_bit_for_bit() -> None:
    clip = clips.noisy(clips.scene(16, SIZE), 0.01)
    assert torch.equal(steadied(clip), clip)
    assert found(clip) == 0


def test_a_camera_in_a_hand_stays() -> None:
    still = clips.moment(0, (240, 160))
    sway = [(3 * torch.sin(torch.tensor(0.45 * number)).item(), 2 * torch.sin(torch.tensor(0.6 * number)).item())
            for number in range(24)]
    clip = torch.stack([moved_by(still, *place)[:, 20:-20, 30:-30] for place in sway])
    assert torch.equal(steadied(clip), clip)
    assert found(clip) == 0


@pytest.mark.parametrize("effect", concert.EFFECTS)
def test_what_happens_on_a_stage_is_picture(effect: str) -> None:
    clip = concert.EFFECTS[effect](16)
    assert torch.equal(steadied(clip), clip)
    assert found(clip) == 0


def test_no_frame_is_moved_further_than_was_allowed() -> None:
    aged = weave(clips.scene(20, SIZE, speed=(0, 0)), 1, down=3.0, drift=0)
    rows = traced(aged.clip)
    little, much = steadied(aged.clip, rows, largest=0.5), steadied(aged.clip, rows, largest=12)
    assert decibels(much, aged.truth) > decibels(little, aged.truth) + 3


def test_film_frames_shown_twice_keep_one_place() -> None:
    film = weave(clips.scene(14, SIZE), 4).clip
    made = steadied(film.repeat_interleave(2, 0))
    assert torch.equal(made[0::2], made[1::2])
    assert not torch.equal(made[0::2], film)


def test_fields_are_compared_with_their_own_parity() -> None:
    aged = weave(clips.scene(48, SIZE, speed=(0, 0)), 3, each=2, drift=0)
    moments: list[tuple[Tensor, int | None]] = [
        (fields_of(planes, "tff")[number % 2], number % 2) for number, planes in enumerate(aged.clip)]
    rows = rows_of(moments, WeaveTracer())
    assert decibels(steadied(aged.clip, rows), aged.truth) > decibels(aged.clip, aged.truth) + 4


def test_it_does_not_matter_where_the_trace_begins() -> None:
    length = 2 * TRACE_REACH + 40
    jitter = path(length, 1, drift=0).jitter
    moves = torch.cat([torch.zeros(1, 2), jitter[1:] - jitter[:-1]])
    rows = torch.cat([moves, torch.ones(length, 2), -torch.ones(length, 1)], 1)
    clip = clips.scene(1, (64, 48)).expand(6, -1, -1, -1)
    entire = steadied(clip, rows, first=TRACE_REACH + 10)
    first = 10
    shorter = rows[first:first + 2 * TRACE_REACH + 6].clone()
    shorter[0, :4] = 0
    assert torch.equal(steadied(clip, shorter, first=TRACE_REACH + 10, traced_from=first), entire)
    assert not torch.equal(entire, clip)


def test_only_what_was_moved_is_written_down() -> None:
    aged = weave(clips.scene(16, SIZE), 1)
    noted: list[int] = []
    context = ShotContext(RATE, Fraction(1), trace=Trace(0, traced(aged.clip)),
                          note=lambda number, mask: noted.append(number) if mask is None else None)
    made = list(steady(WeaveSettings(enabled=True), context)(
        Frame(planes, number, COLOR) for number, planes in enumerate(aged.clip)))
    assert noted == [frame.number for frame in made if not torch.equal(frame.planes, aged.clip[frame.number])]


def test_the_advice_allows_as_much_as_was_seen() -> None:
    defect = Defect(name="weave", severity=0.6, confidence=0.9, value=1.0, unit="px", hints={"most": 3.0})
    assert REPAIR.advice[0].choose(defect) == {"enabled": True, "largest": 4.5}
