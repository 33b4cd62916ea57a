"""What a network of others draws is mixed in as far as the recording allows."""

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import pytest
import torch
from torch import Tensor

from restoration.engine.compute.resample import resize
from restoration.engine.enhancement import upscale as upscaling
from restoration.engine.enhancement.upscale import upscale
from restoration.engine.frames import ColorSpec, Frame
from restoration.engine.networks.brought.running import Tiled
from restoration.engine.settings import UpscaleSettings
from restoration.engine.stage import ShotContext
from tests import clips

COLOR = ColorSpec("smpte170m", "smpte170m", "smpte170m")
WEIGHTS = "ab" * 32


class Drawing:
    """A network of another house: a Lanczos picture, and what `draw` adds to it."""

    scale, input_channels = 4, 3

    def __init__(self, draw: Callable[[Tensor], Tensor]) -> None:
        self.draw = draw

    def __call__(self, picture: Tensor) -> Tensor:
        made = resize(picture, 4 * picture.shape[3], 4 * picture.shape[2])
        return (made + self.draw(made)).clamp(0, 1)


def texture(made: Tensor) -> Tensor:
    """Rows beyond the source's raster, as strong all over: a cycle is 6 pixels of 4 times the raster."""
    return 0.2 * torch.sin(torch.arange(made.shape[2]) * 2 * torch.pi / 6)[:, None].expand(made.shape[2:])


@pytest.fixture
def enlarged(monkeypatch: pytest.MonkeyPatch) -> Callable[..., Tensor]:
    def make(planes: Tensor, draw: Callable[[Tensor], Tensor] | None = None, **settings: Any) -> Tensor:
        network = draw and Tiled(Drawing(draw))
        monkeypatch.setattr(upscaling, "network_of", lambda settings: network)
        chosen = UpscaleSettings(height=256, weights=WEIGHTS, **settings)
        stage = upscale(chosen, ShotContext(Fraction(25), Fraction(1)))
        return next(stage(iter([Frame(planes, 4, COLOR)]))).planes

    return make


def test_a_share_of_its_detail_is_in_the_picture(enlarged: Callable[..., Tensor]) -> None:
    planes = clips.even(1, (96, 64), 0.5)[0]
    drawn = [enlarged(planes, texture, natural=share)[0] - enlarged(planes)[0] for share in (0.2, 0.4)]
    assert 0.1 * 0.14 < float(drawn[0].std()) < 0.2 * 0.15
    assert float(drawn[1].std() / drawn[0].std()) == pytest.approx(2, abs=0.05)


def test_colour_stays_the_sources(enlarged: Callable[..., Tensor]) -> None:
    planes = clips.moment(0, (96, 64))
    tinted = enlarged(planes, lambda made: torch.tensor([0.3, 0.0, -0.3])[None, :, None, None] * texture(made) * 5)
    assert torch.equal(tinted[1:], enlarged(planes)[1:])


@pytest.mark.parametrize("draw", [
    lambda made: 0.2, lambda made: -0.5 * made, lambda made: made.roll(3, 2) - made, texture,
], ids=["brighter", "flatter", "moved", "textured"])
def test_whatever_it_draws_the_recording_is_still_in_it(
        enlarged: Callable[..., Tensor], draw: Callable[[Tensor], Tensor]) -> None:
    planes = clips.moment(0, (96, 64))
    error = (resize(enlarged(planes, draw, natural=0.4)[0], 96, 64) - planes[0]).square().mean()
    plain = (resize(enlarged(planes)[0], 96, 64) - planes[0]).square().mean()
    assert float(-10 * error.log10()) > min(44.0, float(-10 * plain.log10()) - 0.5)


def test_a_large_shape_of_its_own_is_not_taken(enlarged: Callable[..., Tensor]) -> None:
    planes = clips.even(1, (96, 64), 0.5)[0]
    made = enlarged(planes, lambda made: 0.3 * (torch.arange(made.shape[3]) > made.shape[3] // 2), natural=0.4)
    far = torch.cat([made[0, :, :150], made[0, :, -150:]])
    assert float((far - 0.5).abs().max()) < 2e-3


def test_nothing_is_drawn_into_near_black(enlarged: Callable[..., Tensor]) -> None:
    planes = clips.even(1, (96, 64), 0.02)[0]
    drawn = enlarged(planes, lambda made: texture(made).abs(), natural=0.4)
    torch.testing.assert_close(drawn, enlarged(planes), rtol=0, atol=1e-6)


def test_without_a_share_no_network_is_asked_for() -> None:
    assert not UpscaleSettings(height=256, weights=WEIGHTS, natural=0).draws
    assert not UpscaleSettings(weights=WEIGHTS).draws
    assert not UpscaleSettings(height=256).draws
    assert UpscaleSettings(height=256, weights=WEIGHTS).draws
