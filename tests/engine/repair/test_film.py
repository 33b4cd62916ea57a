"""Film spread over fields: its own frames again, exactly, at the film's rate; none mixed, wherever the tape was cut."""

from dataclasses import replace
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import Any

import pytest
import torch
from torch import Tensor

from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.moments import Moments
from restoration.engine.repair.fields import frames_from_fields, reach
from restoration.engine.settings import FieldsSettings
from restoration.engine.stage import ShotContext
from tests import clips

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SIZE = (128, 96)
FILM = Moments(Fraction(4, 5))


def made(tape: Tensor, order: str = "tff", *, noise: float = 0.0, method: str = "film", first: int = 0,
         wanted: range | None = None) -> list[Frame]:
    context = ShotContext(Fraction(30000, 1001), Fraction(10, 11), noise_sigma=(noise / 255, noise / 255),
                          wanted=wanted)
    stage = frames_from_fields(FieldsSettings.model_validate({"method": method, "order": order}), context)
    return list(stage(Frame(planes, first + index, COLOR, order)  # type: ignore[arg-type]
                      for index, planes in enumerate(tape)))


def film_of(noise: float = 0.0, frames: int = 24, seed: int = 0, **look: Any) -> Tensor:
    """Film whose grain lies on the film itself."""
    film = clips.scene(frames, SIZE, seed, **look)
    return clips.noisy(film, noise / 255, noise / 255, seed=seed) if noise else film


def numbers(frames: list[Frame], film: Tensor) -> list[int | None]:
    """Which film frame each is, bit for bit; None for what is none of them."""
    return [next((number for number, planes in enumerate(film) if torch.equal(planes, frame.planes)), None)
            for frame in frames]


@pytest.mark.parametrize("order", ["tff", "bff"])
@pytest.mark.parametrize("phase", range(5))
@pytest.mark.parametrize("noise", [0, 8])
def test_an_unbroken_rhythm_gives_each_film_frame_once_at_any_phase(order: str, phase: int, noise: float) -> None:
    film = film_of(noise)
    frames = made(clips.telecine(film, order, phase=phase), order, noise=noise)
    found = numbers(frames, film)
    begun = found[1] - 1  # type: ignore[operator]
    assert found[1:-1] == list(range(begun + 1, begun + len(found) - 1))
    assert None not in found
    assert [frame.number for frame in frames] == list(range(len(frames)))
    assert all(frame.interlaced is None for frame in frames)


@pytest.mark.parametrize("look", [{"speed": (0.3, 0.1)}, {"speed": (4, 1.5)}, {"brightness": 0.15}, {"speed": (0, 0)}],
                         ids=["slow motion", "fast motion", "dark", "small things before a still ground"])
def test_every_kind_of_scene_comes_back_exactly(look: dict[str, Any]) -> None:
    film = film_of(4, **look)
    assert numbers(made(clips.telecine(film, phase=2), noise=4), film)[:23] == list(range(1, 24))


def test_a_still_at_the_start_keeps_the_rhythm_that_follows() -> None:
    moving = film_of()
    film = torch.cat([moving[:1].expand(10, -1, -1, -1), moving])
    found = numbers(made(clips.telecine(film, phase=3)), film)
    assert None not in found
    assert found[10:-1] == list(range(11, 10 + len(found[10:])))


@pytest.mark.parametrize("noise", [0, 4])
@pytest.mark.parametrize(("order", "breaks"), [
    ("tff", (14, 31)), ("bff", (21, 25)), ("tff", (9, 11)), ("bff", (22, 28))])
def test_at_an_edit_a_film_frame_may_repeat_or_be_lost_and_none_is_mixed(order: str, breaks: tuple[int, int],
                                                                       noise: float) -> None:
    film = film_of(noise, 40)
    found = numbers(made(clips.telecine(film, order, breaks=breaks), order, noise=noise), film)
    assert None not in found
    steps = [after - before for before, after in pairwise(found)]  # type: ignore[operator]
    assert all(step in (0, 1, 2) for step in steps)
    assert sum(step != 1 for step in steps) <= 3 * len(breaks)


def test_true_video_between_film_is_made_of_its_fields_and_not_woven() -> None:
    film, video = film_of(frames=16), clips.scene(40, SIZE, 3, rate=2, speed=(5, 1))
    tape = torch.cat([clips.telecine(film), clips.interlace(video)])
    frames = made(tape)
    found = numbers(frames, film)
    assert found[:14] == list(range(14))
    for frame in frames[18:-1]:
        apart = (video[FILM.field(frame.number) - 40] - frame.planes)[0].square().mean()
        assert -10 * torch.log10(apart) > 28


def test_a_title_of_video_over_film_is_made_of_its_own_moment_and_the_film_around_it_stays() -> None:
    film = clips.scene(20, (360, 240))
    tape = clips.telecine(film)
    title = clips.scene(2 * len(tape), (360, 240), 3, rate=2, speed=(5, 1))
    tape[:, :, 180:] = clips.interlace(title)[:, :, 180:]
    frames = made(tape)[2:-2]
    assert None not in numbers([replace(frame, planes=frame.planes[:, :120]) for frame in frames], film[:, :, :120])
    for frame in frames:
        apart = (title[FILM.field(frame.number)] - frame.planes)[0, 190:].square().mean()
        assert -10 * torch.log10(apart) > 28


def test_a_part_with_frames_to_spare_equals_the_whole() -> None:
    tape = clips.noisy(clips.telecine(film_of(4, 40), breaks=(17,)), 0.01, 0.01)
    entire = made(tape, noise=5)
    start, end, spare = 13, 30, reach(FieldsSettings(method="film"))
    part = made(tape[start - spare:end + spare], noise=5, first=start - spare)
    own = [frame for frame in part if frame.number in FILM.owned(start, end)]
    assert [frame.number for frame in own] == list(FILM.owned(start, end))
    assert all(torch.equal(frame.planes, entire[frame.number].planes) for frame in own)


def test_only_what_is_wanted_is_made() -> None:
    assert [frame.number for frame in made(clips.telecine(film_of()), wanted=range(3, 7))] == [3, 4, 5, 6]


def test_film_among_video_is_woven_of_its_own_fields() -> None:
    film = film_of(frames=16)
    frames = made(torch.cat([clips.telecine(film), clips.interlace(clips.scene(20, SIZE, 3, rate=2))]),
                  method="frames")
    seen = numbers(frames[:34], film)
    assert sum(number is not None for number in seen) >= 32
    assert [number for number in range(13) if number not in seen] == []


def test_video_stays_as_it_was_made_of_fields() -> None:
    video = clips.interlace(clips.scene(24, SIZE, rate=2, speed=(3, 0.5)))
    for number, frame in enumerate(made(video, method="frames")):
        recorded = video[number // 2][:, number % 2::2]
        other = video[number // 2][:, 1 - number % 2::2]
        assert torch.equal(frame.planes[:, number % 2::2], recorded)
        assert not torch.equal(frame.planes[:, 1 - number % 2::2], other)


@pytest.mark.footage
def test_a_real_tape_of_film_gives_each_frame_once(footage: Path) -> None:
    lumas = list(clips.luma_of(footage / "good" / "MADE_telecine_480i_from_dog.mpg", 50))
    tape = torch.stack([torch.stack([luma, luma * 0, luma * 0]) for luma in lumas])
    frames = made(tape)
    changes = [float((one.planes[0] - two.planes[0]).abs().mean()) for one, two in pairwise(frames)]
    assert len(frames) == 40
    assert min(changes) > 0.25 * sorted(changes)[20]
