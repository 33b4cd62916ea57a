"""Dirt to learn from lies on one moment alone, and what only looks like it belongs to the scene."""

from itertools import pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from PIL import Image

from restoration.engine.training import dirt_lessons, scenes
from restoration.engine.training.dirt import dirty, sprites
from restoration.engine.training.dirt_lessons import SIDE, Evidence, Gathered, evidences, finding, found_score, missed
from restoration.engine.training.material import Material, MissingMaterial
from restoration.engine.training.scenes import MOMENTS, Filmed, scene
from tests import clips


def filmed() -> Filmed:
    luma = (255 * clips.moment(0, (520, 400))[0].clamp(0, 1)).round().to(torch.uint8).numpy()
    return Filmed(Material((luma,), (luma,)), ())


def known(folder: Path) -> Path:
    """A folder of sprites with one round spot in it."""
    opacity = np.zeros((60, 60, 4), np.uint8)
    opacity[20:30, 25:33, 3] = 240
    (folder / "dots").mkdir()
    Image.fromarray(opacity).save(folder / "dots" / "dots-001.png")
    return folder


def test_a_sprite_is_cut_to_what_can_be_seen(tmp_path: Path) -> None:
    assert [each.shape for each in sprites(known(tmp_path))] == [(10, 8)]


def test_without_sprites_there_is_nothing_to_learn_from(tmp_path: Path) -> None:
    with pytest.raises(MissingMaterial, match=str(tmp_path)):
        sprites(tmp_path)


def test_dirt_lies_elsewhere_in_every_moment_and_leaves_the_rest_as_it_was(tmp_path: Path) -> None:
    clean = clips.even(6, (96, 64), 0.5)
    made = dirty(clean, sprites(known(tmp_path)), np.random.default_rng(3))
    lies = (made != clean).any(1)
    assert 0 < float(lies.float().mean()) < 0.5
    assert not any(torch.equal(one, other) for one, other in pairwise(lies) if one.any())


def test_scenes_follow_from_their_dice_and_move() -> None:
    for seed in range(6):
        made, again = (scene(filmed(), np.random.default_rng(seed)) for _ in range(2))
        assert torch.equal(made, again)
        assert made.shape == (MOMENTS, 3, *scenes.RASTER[::-1])
        assert float(made.min()) > -0.1
        assert float(made.max()) < 1.2


@pytest.fixture
def evidence(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Evidence:
    for name, value in (("CLIPS", 2), ("HELD_OUT", 1), ("_CLEAN", 0.0), ("_COMPRESSED", 0.0)):
        monkeypatch.setattr(dirt_lessons, name, value)
    given = Gathered((filmed(), filmed()), (sprites(known(tmp_path)),) * 2)
    made, again = evidences(given, tmp_path), evidences(given, tmp_path)
    assert all(np.array_equal(one, other) for one, other in zip(made.clips, again.clips, strict=True))
    return made


def test_a_lesson_shows_evidence_and_wants_the_dirt(evidence: Evidence) -> None:
    pairs = [finding(evidence, np.random.default_rng(seed), size=64) for seed in range(12)]
    assert {(shown.shape, wanted.shape) for shown, wanted in pairs} == {((11, 64, 64), (1, 64, 64))}
    wanted = torch.stack([wanted for _, wanted in pairs])
    assert set(wanted.unique().tolist()) == {0.0, 1.0}
    assert max(each.shape[-1] for each in evidence.clips) == SIDE


class Certain(torch.nn.Module):
    """Takes for dirt what lies far from both neighbours."""

    def forward(self, shown: torch.Tensor) -> torch.Tensor:
        return shown[:, 1:3].abs().amin(1, keepdim=True) - 0.3


def test_a_network_that_finds_dirt_scores_more_than_one_that_takes_everything_for_it(evidence: Evidence) -> None:
    class Eager(Certain):
        def forward(self, shown: torch.Tensor) -> torch.Tensor:
            return torch.ones_like(shown[:, :1])

    assert found_score(Certain(), evidence) > found_score(Eager(), evidence) + 5


def test_to_miss_dirt_costs_more_than_to_doubt_the_picture() -> None:
    wanted = torch.tensor([1.0, 0.0])
    assert missed(torch.tensor([-2.0, -2.0]), wanted) > missed(torch.tensor([2.0, 2.0]), wanted)
