"""What enhancement added, measured while it is added."""

from collections.abc import Iterator
from fractions import Fraction

import pytest
import torch

from restoration.engine import faithfulness
from restoration.engine.compute.facefinding import Face
from restoration.engine.compute.resample import resize
from restoration.engine.compute.windows import around
from restoration.engine.enhancement.retime import retime
from restoration.engine.enhancement.upscale import upscale
from restoration.engine.facts import Faithfulness, Worst
from restoration.engine.faithfulness import Witness
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.moments import Moments
from restoration.engine.settings import RetimeSettings, UpscaleSettings
from restoration.engine.stage import ShotContext, Stage
from tests import clips

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")


def scene(count: int = 18, first: int = 0) -> list[Frame]:
    return [Frame(planes, first + number, COLOR) for number, planes in enumerate(clips.scene(count, (128, 96), rate=2))]


def witnessed(frames: list[Frame], enhancing: Stage, witness: Witness | None = None) -> Faithfulness:
    witness = witness or Witness(frames[0].number)
    for _ in witness.behind()(enhancing(witness.before()(iter(frames)))):
        pass
    facts = witness.facts()
    assert facts is not None
    return facts


def doubled(change: float = 0.0, at: int | None = None) -> Stage:
    """Twice the raster, all brighter by `change`, or only frame `at`."""
    def stage(frames: Iterator[Frame]) -> Iterator[Frame]:
        for frame in frames:
            planes = resize(frame.planes, 2 * frame.planes.shape[2], 2 * frame.planes.shape[1])
            if at in (None, frame.number):
                planes[0] += change
            yield frame.with_planes(planes)

    return stage


def test_two_neighbours_of_every_eight_are_looked_at() -> None:
    assert witnessed(scene(18), doubled()).looked_at == 6


def test_a_part_looks_at_the_same_frames_as_the_whole() -> None:
    frames = scene(18)
    whole = witnessed(frames, doubled(0.1, at=9), Witness(0))
    parts = [witnessed(part, doubled(0.1, at=9), Witness(0)) for part in (frames[:9], frames[9:])]
    assert [part.looked_at for part in parts] == [3, 3]
    assert sum(part.error * part.looked_at for part in parts) / 6 == pytest.approx(whole.error)
    assert parts[1].worst == whole.worst


def test_what_only_enlarges_stays_faithful() -> None:
    facts = witnessed(scene(), upscale(UpscaleSettings(height=192), ShotContext(Fraction(25), Fraction(1))))
    assert facts.worst.value > 38
    assert facts.colour < 0.5
    assert facts.unexplained < 0.05


def test_the_frame_that_was_changed_most_is_named() -> None:
    facts = witnessed(scene(), doubled(0.1, at=9))
    assert facts.worst.frame == 9
    assert facts.worst.value == pytest.approx(20, abs=0.5)
    assert facts.worst_colour.frame == 9
    assert facts.worst_colour.value > 2


def test_flicker_that_enhancement_adds_is_seen() -> None:
    steady, flickering = witnessed(scene(), doubled()), witnessed(scene(), doubled(0.05, at=9))
    assert steady.moved == pytest.approx(steady.source_moved, rel=0.1)
    assert flickering.moved > 1.5 * flickering.source_moved


def test_detail_that_no_source_could_hold_is_counted() -> None:
    def invented(frames: Iterator[Frame]) -> Iterator[Frame]:
        for frame in doubled()(frames):
            frame.planes[0] += 0.05 * torch.where(torch.arange(frame.planes.shape[2]) % 2 == 0, 1.0, -1.0)
            yield frame

    assert witnessed(scene(), invented).unexplained > 10 * witnessed(scene(), doubled()).unexplained


def test_only_the_columns_that_the_master_shows_are_compared() -> None:
    def cropped(frames: Iterator[Frame]) -> Iterator[Frame]:
        for frame in frames:
            yield frame.with_planes(resize(frame.planes[:, :, 8:120].contiguous(), 224, 192))

    assert witnessed(scene(), cropped, Witness(0, 8, 112)).worst.value > 40


def test_a_stage_that_looks_around_is_compared_frame_with_frame() -> None:
    """As faces are restored: frames around the shot enter too, and those of it come out later."""
    def late(frames: Iterator[Frame]) -> Iterator[Frame]:
        return (window[middle] for window, middle in around((frame for frame in doubled()(frames)), 6)
                if 8 <= window[middle].number < 26)

    facts = witnessed(scene(34), late, Witness(8))
    assert facts.looked_at == 6
    assert facts.worst.value > 38


def test_marks_of_faces_that_moved_are_told_with_their_frame(monkeypatch: pytest.MonkeyPatch) -> None:
    marks = ((40.0, 40.0), (60.0, 40.0), (50.0, 52.0), (42.0, 64.0), (58.0, 64.0))
    face = Face(50, 50, 20, 30, marks)
    moved = Face(51, 50, 20, 30, tuple((x + 2, y) for x, y in marks))
    seen = iter([(face,), (face,), (face, Face(90, 20, 20, 25, marks)), (moved,), (), (face,)])
    monkeypatch.setattr(faithfulness, "knows_marks", lambda: True)
    monkeypatch.setattr(faithfulness, "faces_in", lambda luma, pixel_aspect: next(seen))
    facts = witnessed(scene(18), doubled())
    assert (facts.faces, facts.drift) == (2, 1.0)
    assert facts.worst_drift == Worst(frame=8, value=2.0)


def test_where_nobody_knows_the_marks_no_face_is_looked_at(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(faithfulness, "knows_marks", lambda: False)
    facts = witnessed(scene(), doubled())
    assert (facts.faces, facts.worst_drift) == (0, None)


def test_where_nothing_was_looked_at_nothing_is_said() -> None:
    assert Witness(0).facts() is None


def test_frames_in_between_are_nobodys_and_not_looked_at() -> None:
    moments = Moments(retimed=Fraction(2))
    frames = scene(11)
    slower = retime(RetimeSettings(rate="double"), ShotContext(Fraction(24), Fraction(1), moments=moments))
    alone = witnessed(frames, doubled(0.1, at=9))
    beside = witnessed(frames, lambda passing: slower(doubled(0.1, at=9)(passing)), Witness(0, moments=moments))
    assert (beside.looked_at, beside.error, beside.moved) == (alone.looked_at, alone.error, alone.moved)
    assert beside.worst.frame == 2 * alone.worst.frame


def five_for_two(enhancing: Stage, frames: list[Frame], own: tuple[int, int], first: int = 0) -> Faithfulness:
    """Of the master's frames that belong to the source frames `own`; first: of the whole shot."""
    moments = Moments(retimed=Fraction(5, 2))
    faster = retime(RetimeSettings(rate="five for two"),
                    ShotContext(Fraction(24), Fraction(1), moments=moments, wanted=moments.owned(*own)))
    return witnessed(frames, lambda passing: faster(enhancing(passing)), Witness(first, moments=moments))


def test_where_five_are_made_of_two_neighbours_are_those_that_the_master_holds() -> None:
    frames = scene(18)
    facts = five_for_two(doubled(), frames, (0, 18))
    assert facts.looked_at == 5  # 0 and 2, 8 and 10, and 16 alone.
    assert facts.source_moved == pytest.approx(sum(
        float((frames[first + 2].planes[0] - frames[first].planes[0]).square().mean()) for first in (0, 8)))
    assert facts.moved == pytest.approx(facts.source_moved, rel=0.1)


def test_flicker_is_seen_where_five_are_made_of_two() -> None:
    flickering = five_for_two(doubled(0.1, at=10), scene(18), (0, 18))
    assert flickering.moved > 1.5 * flickering.source_moved
    assert flickering.worst.frame == 25


@pytest.mark.parametrize("first", [0, 1])
def test_as_many_frames_are_looked_at_where_five_are_made_of_two(first: int) -> None:
    facts = five_for_two(doubled(), scene(16 + first)[first:], (first, 16 + first), first)
    assert facts.looked_at == witnessed(scene(16), doubled()).looked_at == 4


def test_a_part_of_a_shot_of_which_five_are_made_of_two_looks_at_the_same_frames_as_the_whole() -> None:
    frames = scene(18)
    whole = five_for_two(doubled(0.1, at=10), frames, (0, 18))
    parts = [five_for_two(doubled(0.1, at=10), frames[:8], (0, 7)),
             five_for_two(doubled(0.1, at=10), frames[7:], (7, 18))]
    assert sum(part.looked_at for part in parts) == whole.looked_at
    assert sum(part.moved for part in parts) == pytest.approx(whole.moved)
    assert parts[1].worst == whole.worst
