"""One colour for the whole reel: set-up and dye come back, and light of the scene is never taken for either."""

from fractions import Fraction

import pytest
import torch
from torch import Tensor

from restoration.engine.ageing.dye import fading, set_up
from restoration.engine.analysis.advising import advise
from restoration.engine.defects import severity
from restoration.engine.facts import Defect, Shot
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.repair.fade import measure, restore_density
from restoration.engine.settings import FadeSettings, Settings
from restoration.engine.specimen import Finding, Specimen
from restoration.engine.stage import ShotContext
from tests import clips, concert

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
SIZE = (180, 120)


def restored(clip: Tensor, **settings: float) -> Tensor:
    stage = restore_density(FadeSettings(**settings), ShotContext(Fraction(24), Fraction(1)))
    return torch.stack([frame.planes for frame in stage(Frame(planes, n, COLOR) for n, planes in enumerate(clip))])


def found(clip: Tensor) -> dict[str, Finding]:
    return dict(measure(Specimen(tuple(Frame(planes, n, COLOR) for n, planes in enumerate(clip[:5])), 2)))


def with_black(clip: Tensor) -> Tensor:
    """A scene with a doorway into the dark."""
    clip = clip.clone()
    clip[:, :, 20:70, 30:80] = 0
    return clip


def shot(index: int, name: str, value: float, sure: float) -> Shot:
    return Shot(index=index, start=10 * index, end=10 * index + 10, transition="cut", defects=(Defect(
        name=name, severity=round(severity(name, value), 2), confidence=sure, value=value, unit=""),))


def test_a_set_up_is_measured_and_taken_off() -> None:
    aged = set_up(with_black(clips.scene(5, SIZE)), 0)
    lifted = found(aged.clip)["set-up"]
    assert lifted.value == pytest.approx(0.075 * 255, abs=1)
    assert lifted.confidence > 0.5
    assert torch.allclose(restored(aged.clip, black=0.075), aged.truth, atol=1e-5)


def test_faded_dye_is_brought_back() -> None:
    aged = fading(with_black(clips.scene(2, SIZE)), 0, left=(0.7, 0.85, 0.95), base=0)
    made = restored(aged.clip, red=1 / 0.7, green=1 / 0.85, blue=1 / 0.95)
    assert (made - aged.truth).abs().mean() < 1e-3
    assert (aged.clip - aged.truth).abs().mean() > 0.03


def test_a_true_black_is_right() -> None:
    defects = found(with_black(clips.scene(5, SIZE)))
    assert defects["set-up"].value < 2


def test_a_pale_scene_has_no_wrong_black() -> None:
    pale = clips.scene(5, SIZE) * 0.5
    pale[:, 0] += 0.3
    assert found(pale)["set-up"].value == 0


@pytest.mark.parametrize("effect", concert.EFFECTS)
def test_light_on_a_stage_is_no_wrong_black(effect: str) -> None:
    clip = concert.EFFECTS[effect](12)[4:9]
    assert found(clip)["set-up"].value == 0


def test_neutral_settings_leave_every_bit() -> None:
    clip = clips.scene(2, SIZE)
    assert torch.equal(restored(clip), clip)


def test_no_value_passes_another() -> None:
    ramp = torch.zeros(1, 3, 4, 256)
    ramp[0, 0] = torch.linspace(-0.1, 1.2, 256)
    made = restored(ramp, black=0.05, white=0.95, red=1.3, green=1.3, blue=1.3)[0, 0, 0]
    assert (made[1:] >= made[:-1]).all()


def test_only_what_all_shots_share_is_recommended_and_by_the_mildest() -> None:
    agreed, _ = advise(Settings(), [shot(0, "set-up", 20, 0.9), shot(1, "set-up", 14, 0.9)])
    assert agreed.fade.black == pytest.approx(0.9 * 14 / 255, abs=1e-3)
    clean = Shot(index=2, start=20, end=30, transition="cut")
    told, reasons = advise(Settings(), [shot(0, "set-up", 20, 0.9), shot(1, "set-up", 14, 0.9), clean])
    assert told == Settings() and not reasons
