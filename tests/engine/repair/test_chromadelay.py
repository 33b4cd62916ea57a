"""Colour goes back to its brightness, and only where it has left it."""

from collections.abc import Iterator, Mapping
from fractions import Fraction

import pytest
import torch
from torch import Tensor

from restoration.engine import metrics
from restoration.engine.ageing import tape
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.repair.chromadelay import REPAIR, bring_colour_back, measure
from restoration.engine.settings import ChromaDelaySettings
from restoration.engine.specimen import Finding, Specimen
from restoration.engine.stage import ShotContext
from tests import clips, concert

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SIZE = (180, 120)


def discs(frames: int = 6, seed: int = 3) -> Tensor:
    return clips.scene(frames, SIZE, seed, speed=(0.4, 0.1))


def mended(clip: Tensor, order: str | None = "bff", **settings: float) -> Tensor:
    context = ShotContext(Fraction(30000, 1001), Fraction(10, 11), order=order)  # type: ignore[arg-type]
    stage = bring_colour_back(ChromaDelaySettings(**settings), context)
    return torch.stack([frame.planes for frame in stage(framed(clip, order))])


def framed(clip: Tensor, order: str | None = "bff") -> Iterator[Frame]:
    return iter([Frame(planes, index, COLOR, order) for index, planes in enumerate(clip)])


def found(clip: Tensor, order: str | None = "bff") -> Mapping[str, Finding]:
    frames = tuple(framed(clip, order))
    return measure(Specimen(frames, len(frames) // 2, order=order))  # type: ignore[arg-type]


@pytest.mark.parametrize(("across", "down"), [(2.5, 2.0), (-1.25, 0.0), (3.0, 1.0)])
def test_colour_comes_back_to_its_brightness(across: float, down: float) -> None:
    aged = tape.chroma_delay(discs(), 0, across=across, down=down)
    made = mended(aged.clip, across=across, down=down)
    assert metrics.psnr(made[:, 1:], aged.truth[:, 1:]) > metrics.psnr(aged.clip[:, 1:], aged.truth[:, 1:]) + 8
    assert torch.equal(made[:, 0], aged.clip[:, 0])


def test_whole_frames_are_moved_by_whole_lines() -> None:
    clip = discs()
    late = torch.cat([clip[:, :1], torch.roll(clip[:, 1:], (3, 2), (2, 3))], 1)
    made = mended(late, None, across=2, down=3)
    assert torch.equal(made[..., 8:-8, 8:-8], clip[..., 8:-8, 8:-8])


def test_without_a_distance_frames_pass_as_they_are() -> None:
    frames = list(framed(discs()))
    stage = bring_colour_back(ChromaDelaySettings(), ShotContext(Fraction(25), Fraction(1)))
    assert list(stage(iter(frames))) == frames and not REPAIR.is_on(ChromaDelaySettings())


@pytest.mark.parametrize(("across", "down"), [(2.0, 0.0), (-2.0, 2.0), (3.0, 2.0)])
def test_the_distance_is_measured(across: float, down: float) -> None:
    finding = found(tape.chroma_delay(discs(), 0, across=across, down=down).clip)["chroma delay"]
    assert finding.hints["across"] == pytest.approx(across, abs=0.6)
    assert finding.hints["down"] == pytest.approx(down, abs=1.0)
    assert finding.value == pytest.approx(float(torch.tensor([across, down]).norm()), abs=1.0)


def test_a_rim_full_of_edges_of_brightness_alone_hides_nothing() -> None:
    clip = tape.chroma_delay(discs(), 0, across=3.0, down=2.0).clip
    clip[:, 0, :, -3:] += torch.rand(clip.shape[2], 3, generator=torch.Generator().manual_seed(1))
    assert found(clip)["chroma delay"].hints["across"] == pytest.approx(3.0, abs=0.6)


def test_a_clean_clip_and_the_stage_are_in_place() -> None:
    for clip in (discs(), *(effect(6) for effect in concert.EFFECTS.values())):
        for shown, order in ((clips.interlace(clip, "bff"), "bff"), (clip, None)):
            assert all(finding.value < 1 for finding in found(shown, order).values())


def test_a_grey_picture_and_one_in_high_definition_say_nothing() -> None:
    assert found(clips.even(5, SIZE, 0.5)) == {}
    assert found(torch.zeros(3, 3, 720, 32), None) == {}
