"""A recording teaches the cleaner its own noise, and the cleaner changes only where held-out moments gain."""

import copy
from dataclasses import replace
from itertools import count, pairwise
from pathlib import Path

import numpy as np
import pytest
import torch
from torch import Tensor, nn
from torch.nn.functional import interpolate

from restoration.engine import adapting
from restoration.engine.adapting import learning
from restoration.engine.adapting.aligning import Window, aligned, fetched
from restoration.engine.adapting.learning import PATCH, Judgement, best_of, judge, learn
from restoration.engine.adapting.material import Lesson, Stretch, lessons_of
from restoration.engine.adapting.recording import chosen_shots, stretch_of, without_network
from restoration.engine.errors import Cancelled, SourceError
from restoration.engine.facts import AnalysisReport, Recommendation, Shot
from restoration.engine.media.inspect import inspect
from restoration.engine.networks import cleaning
from restoration.engine.networks.registry import network, weights_used
from restoration.engine.networks.weights import read
from restoration.engine.progress import Progress
from restoration.engine.repair.noise.finishing import ADAPTED, finished
from restoration.engine.settings import NoiseSettings, Settings
from tests import clips
from tests.engine.threads import on_one_thread_and_two
from tests.restoration.factories import report

SIGMA = (0.03, 0.03)


def shipped() -> nn.Module:
    own = network("cleaner")
    return read(own.path, own.sha256, own.architecture, own.build)


def blotches(dice: torch.Generator, side: int) -> Tensor:
    """What no noise repair of small blocks takes out."""
    coarse = torch.randn((1, 3, 4, 2), generator=dice)
    return interpolate(coarse, size=(side, side), mode="bicubic", align_corners=False)[0] * 0.05


def lessons(count: int, first: int, *, left: float, side: int = 32) -> list[Lesson]:
    """left: how much of the noise the repair left."""
    dice, made = torch.Generator().manual_seed(first), []
    for number in range(count):
        clean = clips.moment(first + number, (side, side), first + number)
        own, target = clean + left * blotches(dice, side), clean + 0.2 * blotches(dice, side)
        made.append(Lesson(own, target, torch.full((side, side), 5.0), SIGMA))
    return made


def test_a_window_is_found_again_to_a_few_hundredths_of_a_pixel() -> None:
    one, other = clips.scene(2, (160, 128), flat=0.0, speed=(1.3, 0.4))
    window = Window(40, 8, 48)
    way = aligned(one[0], other[0], window, 0.0)
    assert (fetched(other, way, window) - window.of(one))[0].abs().median() < 0.004


def test_what_is_held_out_comes_nearer_to_its_targets() -> None:
    first, network, held_out = shipped(), shipped(), lessons(6, 100, left=1.0)
    before = judge(first, network, [held_out])
    learn(network, lessons(12, 0, left=1.0), steps=14)
    after = judge(first, network, [held_out])
    assert after.adapted < 0.98 * before.adapted
    assert after.adapted < min(after.without, after.shipped)


def test_what_chance_may_explain_is_no_gain() -> None:
    said = Judgement(without=4e-4, shipped=3e-4, adapted=2.8e-4, error=9e-6, windows=40, least=1e-6)
    assert said.is_better and not replace(said, error=11e-6).is_better
    assert not replace(said, adapted=2.95e-4, error=1e-7).is_better
    assert not replace(said, without=2.7e-4).is_better


def test_no_stretch_that_was_held_out_may_lose() -> None:
    said = Judgement(without=4e-4, shipped=3e-4, adapted=2e-4, error=9e-6, windows=40, least=1e-6)
    assert said.is_better and not replace(said, least=-1e-6).is_better


def test_of_what_makes_a_stretch_lose_less_is_kept(monkeypatch: pytest.MonkeyPatch) -> None:
    said = Judgement(without=4e-4, shipped=3e-4, adapted=2e-4, error=9e-6, windows=40, least=1e-6)
    monkeypatch.setattr(learning, "judge", lambda first, made, held_out, *, share, **more: replace(
        said, share=share, least=1e-6 if share < 0.5 else -1e-6))
    first, far = shipped(), shipped()
    with torch.no_grad():
        for each in far.parameters():
            each.add_(1)
    made, kept = best_of(first, far, [])
    assert kept.is_better and kept.share == 0.25
    for one, other in zip(made.parameters(), first.parameters(), strict=True):
        assert torch.allclose(one, other + 0.25, atol=1e-5)


def test_where_there_is_nothing_to_learn_the_shipped_network_stays() -> None:
    before, after = shipped(), shipped()
    learn(after, lessons(8, 0, left=0.0), steps=4)
    assert not judge(before, after, [lessons(8, 100, left=0.0)]).is_better


def test_the_same_lessons_give_the_same_weights_on_one_thread_and_on_two() -> None:
    def learnt() -> list[Tensor]:
        network = shipped()
        learn(network, lessons(3, 0, left=1.0, side=PATCH), steps=2)
        return list(network.parameters())

    assert all(torch.equal(one, other) for one, other in zip(*on_one_thread_and_two(learnt), strict=True))


def test_judged_is_what_the_repair_makes_with_the_weights(tmp_path: Path) -> None:
    changed, strength = copy.deepcopy(shipped()), (0.6, 0.8)
    with torch.no_grad():
        for each in changed.parameters():
            each.mul_(1.05)
    sha256 = adapting._written(changed, tmp_path / "weights")
    cleaning.keep(sha256, tmp_path / "weights")
    held_out = [replace(each, sigma=(0.004, 0.004)) for each in lessons(3, 100, left=1.0)]
    said = judge(shipped(), changed, [held_out], strength=strength)
    for figure, more in ((said.shipped, {}), (said.adapted, {"left": ADAPTED, "weights": sha256})):
        made = [finished(each.own, sigma=each.sigma, strength=strength, **more) for each in held_out]
        missed = [(one - each.target).square().mean() for one, each in zip(made, held_out, strict=True)]
        assert figure == pytest.approx(float(torch.stack(missed).mean()), rel=1e-5)


def test_who_is_told_of_a_step_can_end_the_learning() -> None:
    def tell(step: int) -> None:
        raise Cancelled

    with pytest.raises(Cancelled):
        learn(shipped(), lessons(2, 0, left=1.0), steps=2, tell=tell)


def test_targets_are_moments_whose_noise_had_no_part_in_what_is_shown() -> None:
    clean = clips.scene(1, (96, 96)).expand(8, -1, -1, -1)
    noisy = clips.noisy(clean, *SIGMA)
    found = lessons_of(Stretch(noisy, clean, SIGMA, apart=3), 3, np.random.default_rng(1))
    assert len(found) == 3
    for lesson in found:
        assert (lesson.target - lesson.own).abs().mean() > 0.2 * SIGMA[0]
        assert lesson.weight.max() <= 5


def test_moments_that_show_different_things_teach_nothing() -> None:
    different = torch.stack([clips.moment(0, (96, 96), seed) for seed in range(8)])
    assert lessons_of(Stretch(different, different, SIGMA, apart=3), 3, np.random.default_rng(1)) == []


def test_stretches_lie_apart_and_in_noisy_shots() -> None:
    found = report(((0, 200), (200, 204), (204, 400)))
    noisy = found.model_copy(update={"shots": tuple(shot.model_copy(update={"noise_luma": 0.02 * (shot.index < 2)})
                                                    for shot in found.shots)})
    parts = chosen_shots(noisy, without_network(found.recommendation.settings))
    assert len(parts) == adapting.recording.MOST
    assert all(part.index == 0 and part.within == (0, 200) for part in parts)
    assert all(one.end <= other.start for one, other in pairwise(parts))


def test_a_recording_without_noise_is_refused_in_words(tmp_path: Path) -> None:
    with pytest.raises(SourceError, match="too little here"):
        adapting.adapt(tmp_path / "none.mov", report(), Settings(), tmp_path / "weights")


@pytest.fixture
def calm(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> tuple[Path, AnalysisReport]:
    """A noisy recording of two stretches, of which little is wanted."""
    for name, value in (("WINDOWS", 3), ("STEPS", 2), ("_FEWEST", 2)):
        monkeypatch.setattr(adapting, name, value)
    noisy = clips.noisy(clips.scene(1, (96, 80)).expand(28, -1, -1, -1), *SIGMA)
    source = clips.write(tmp_path / "calm.mkv", noisy)
    shot = Shot(index=0, start=0, end=28, noise_luma=SIGMA[0], noise_chroma=SIGMA[1])
    recommended = Recommendation(preset="as-is", settings=Settings(), reasons=())
    return source, AnalysisReport(engine="test", source=inspect(source), shots=(shot,), recommendation=recommended)


def test_a_recording_goes_through_its_noise_repair_and_teaches(calm: tuple[Path, AnalysisReport],
                                                               tmp_path: Path) -> None:
    heard: list[Progress] = []
    made = adapting.adapt(*calm, Settings(), tmp_path / "weights", report_progress=heard.append)
    assert (made.lessons, made.judgement.windows, made.steps) == (3, 3, 2)
    told = {phase: [(each.done, each.total) for each in heard if each.phase == phase]
            for phase in ("gather", "learn", "judge")}
    assert sorted(set(told["gather"])) == [(moment, 28) for moment in range(29)]
    assert told["learn"] == [(1, 2), (2, 2)]
    assert told["judge"] == [(window, 6) for window in range(1, 7)]
    assert (made.sha256 is not None) == (tmp_path / "weights").exists() == made.judgement.is_better


@pytest.mark.parametrize("phase", ["gather", "learn", "judge"])
def test_a_stop_is_heard_before_the_next_moment_step_or_window(calm: tuple[Path, AnalysisReport], tmp_path: Path,
                                                               phase: str) -> None:
    heard: list[str] = []

    def report_progress(progress: Progress) -> None:
        heard.append(progress.phase)

    with pytest.raises(Cancelled):
        adapting.adapt(*calm, Settings(), tmp_path / "weights", report_progress=report_progress,
                       is_cancelled=lambda: phase in heard)
    assert heard.count(phase) == 1
    assert not (tmp_path / "weights").exists()


def test_a_stop_is_heard_before_the_next_frame_and_the_next_window(calm: tuple[Path, AnalysisReport]) -> None:
    source, told = calm
    asked = count(1)
    with pytest.raises(Cancelled):
        stretch_of(source, told, without_network(Settings()), told.shots[0], is_cancelled=lambda: next(asked) == 5)
    with pytest.raises(Cancelled):
        lessons_of(Stretch([torch.zeros(3, 96, 80)], [torch.zeros(3, 96, 80)], SIGMA, apart=3), 3,
                   np.random.default_rng(1), is_cancelled=lambda: next(asked) == 9)


def test_what_was_learnt_is_used_by_its_digest(tmp_path: Path) -> None:
    changed = copy.deepcopy(shipped())
    with torch.no_grad():
        next(changed.parameters()).mul_(1.1)
    sha256 = adapting._written(changed, tmp_path / "weights")
    cleaning.keep(sha256, tmp_path / "weights")
    planes = clips.noisy(clips.scene(1, (64, 48)), *SIGMA)[0]
    with torch.no_grad():
        assert not torch.equal(finished(planes, sigma=SIGMA, weights=sha256), finished(planes, sigma=SIGMA))
    asked = Settings(noise=NoiseSettings(enabled=True, weights=sha256))
    assert weights_used(asked, 0.01, 480) == (sha256,)
    assert weights_used(asked.model_copy(update={"noise": NoiseSettings(enabled=True)}), 0.01, 480) == ()


def test_what_was_learnt_goes_before_the_larger_network_and_is_left_out_without_any() -> None:
    large, none = (NoiseSettings(enabled=True, network=network, weights="a" * 64) for network in ("large", "off"))
    assert weights_used(Settings(noise=large), 0.05, 480) == ("a" * 64,)
    assert weights_used(Settings(noise=none), 0.05, 480) == ()
