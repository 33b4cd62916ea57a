"""Cuts, dissolves and fades are found; flashes, strobes, lights and torn cameras are not taken for them."""

from collections.abc import Iterable
from itertools import pairwise
from pathlib import Path

import av
import pytest
import torch

from restoration.engine.analysis import shots
from restoration.engine.compute import sketches
from tests import clips

SIZE = (192, 128)
SEEDS = (0, 20, 30)


def scene(frames: int, seed: int) -> torch.Tensor:
    return clips.scene(frames, SIZE, seed, speed=(0.8, 0.2))


def found_in(pictures: Iterable[torch.Tensor]) -> list[tuple[int, str]]:
    found = shots.detect(sketches.of_planes(planes) for planes in pictures)
    assert found[0].start == 0 and found[0].transition == "start"
    assert all(one.end == two.start for one, two in pairwise(found))
    return [(shot.start, shot.transition) for shot in found[1:]]


def transitions(seed: int) -> dict[str, tuple[torch.Tensor, list[int]]]:
    """Each clip with its true boundaries."""
    one, two = scene(26, seed), scene(26, seed + 1)
    return {
        "cut": (torch.cat([one, two]), [26]),
        "cut in noise": (clips.noisy(torch.cat([one, two]), 8 / 255), [26]),
        "cut on fields": (clips.interlace(torch.cat([one, two]).repeat_interleave(2, 0)), [26]),
        "cut beside a flash": (clips.flash(torch.cat([one, two]), 18, 2), [26]),
        "dissolve": (clips.dissolve(one, two, 12), [20]),
        "fade": (torch.cat([clips.fade_out(one, 10), clips.even(3, SIZE), clips.fade_in(two, 10)]), [30]),
    }


def disturbances(seed: int) -> dict[str, torch.Tensor]:
    """Clips of one shot each."""
    one = scene(26, seed)
    return {
        "flash": clips.flash(one, 10),
        "long flash": clips.flash(one, 10, 3),
        "strobe": clips.strobe(one, 5, 18),
        "fast strobe": clips.strobe(one, 5, 18, 2),
        "light turns colour": clips.wash(one, 12),
        "whip pan": clips.whip_pan(36, SIZE, seed),
        "lamps out for a moment": torch.cat([one[:11], clips.even(4, SIZE), one[15:]]),
    }


def test_recall_and_precision_over_all_made_clips() -> None:
    hits = misses = false = 0
    for seed in SEEDS:
        for name, (clip, true) in transitions(seed).items():
            found = [start for start, _ in found_in(clip)]
            near = 0 if name.startswith("cut") else 6
            hit = sum(any(abs(start - place) <= near for start in found) for place in true)
            hits, misses, false = hits + hit, misses + len(true) - hit, false + len(found) - hit
        false += sum(len(found_in(clip)) for clip in disturbances(seed).values())
    assert misses == 0, f"recall {hits / (hits + misses):.2f}"
    assert false == 0, f"precision {hits / (hits + false):.2f}"


@pytest.mark.parametrize("name", ["cut", "dissolve", "fade"])
def test_a_boundary_knows_how_it_begins(name: str) -> None:
    clip, _ = transitions(0)[name]
    assert [transition for _, transition in found_in(clip)] == [name]


def test_one_frame_is_one_shot_and_black_alone_is_one_shot() -> None:
    assert found_in(scene(1, 0)) == []
    assert found_in(clips.even(30, SIZE)) == []


@pytest.mark.parametrize("frames", [3, 4])
def test_pictures_that_have_nothing_in_common_are_shots_of_three_frames_and_more(frames: int) -> None:
    montage = torch.cat([scene(frames, seed) for seed in range(1, 7)])
    starts = [frames * number for number in range(7)]
    assert found_in(montage) == [(start, "cut") for start in starts[1:-1]]
    between = found_in(torch.cat([scene(20, 0), montage, scene(20, 10)]))
    assert between == [(20 + start, "cut") for start in starts]


def test_pictures_whose_blocks_were_garbled_are_no_montage() -> None:
    """No two of them have anything in common."""
    dice = torch.Generator().manual_seed(1)
    garbled = [shuffled(planes, dice) for planes in scene(15, 1)]
    assert sketches.are_unrelated(*map(sketches.of_planes, garbled[:2]))
    assert found_in([*scene(20, 1), *garbled, *scene(20, 1)]) == []


def shuffled(planes: torch.Tensor, dice: torch.Generator) -> torch.Tensor:
    """With most of its blocks of 32×16 pixels elsewhere."""
    made = planes.clone()
    for _ in range(planes[0].numel() // 200):
        top, left, row, column = (int(torch.randint(0, size, (1,), generator=dice))
                                  for size in (planes.shape[1] - 16, planes.shape[2] - 32) * 2)
        made[:, top:top + 16, left:left + 32] = planes[:, row:row + 16, column:column + 32]
    return made


def test_a_picture_that_comes_back_after_every_other_frame_is_no_montage() -> None:
    assert found_in(scene(1, seed)[0] for seed in (1, 2) * 8) == []


def test_white_light_that_fills_one_picture_is_no_shot_of_its_own() -> None:
    reel = torch.cat([scene(20, 0), clips.even(1, SIZE, 1.0), scene(20, 1)])
    assert found_in(reel) == [(20, "cut")]


def test_the_snow_of_an_empty_tape_is_one_shot() -> None:
    assert found_in(clips.noisy(clips.even(30, (360, 288), 0.45), 0.25, coarse=2).clamp(-0.5, 1)) == []


def test_memory_does_not_grow_with_length() -> None:
    finder = shots.ShotFinder()
    sketch = sketches.of_planes(scene(1, 0)[0])
    for _ in range(3 * shots.MEMORY):
        finder.push(sketch)
    assert len(finder._kept) == shots.MEMORY
    assert finder.settled == 3 * shots.MEMORY - shots.SETTLED_AFTER


def decoded(path: Path, height: int) -> Iterable[torch.Tensor]:
    with av.open(str(path)) as container:
        for frame in container.decode(video=0):
            codes = frame.reformat(width=320, height=height, format="yuv444p").to_ndarray()
            planes = torch.from_numpy(codes).float()
            yield torch.cat([(planes[:1] - 16) / 219, (planes[1:] - 128) / 224])


@pytest.mark.footage
def test_the_bikes_have_five_cuts_where_the_eye_sees_them(footage: Path) -> None:
    cuts = [(30, "cut"), (76, "cut"), (137, "cut"), (187, "cut"), (242, "cut")]
    assert found_in(decoded(footage / "good" / "bikes_640x272.mp4", 136)) == cuts


@pytest.mark.footage
def test_the_concert_with_its_strobes_is_one_shot(footage: Path) -> None:
    assert found_in(decoded(footage / "good" / "stage_concert_720p.mp4", 180)) == []
