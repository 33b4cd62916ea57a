"""What neighbours show at the points of a larger raster."""

import torch
import torch.nn.functional as F
from torch import Tensor

from restoration.engine.compute.drafts import drafts


def waves(moved: float = 0.0, side: int = 24) -> Tensor:
    columns = torch.arange(side, dtype=torch.float32) - moved
    return (0.5 + 0.4 * torch.sin(0.9 * columns)).expand(side, side).contiguous()


def flow(across: float, side: int = 24) -> Tensor:
    return torch.tensor([across, 0.0])[:, None, None].expand(2, side, side).contiguous()


def test_a_neighbour_that_shows_nothing_new_or_is_missing_gives_nothing() -> None:
    made = drafts(waves(), [(waves(), flow(0)), None], 4)
    assert made.shape == (32, 24, 24)
    assert made.abs().max() < 1e-6
    assert not made[16:].any()


def test_where_a_neighbours_pixel_falls_on_a_point_of_the_larger_raster_the_truth_is_shown() -> None:
    own, scale = waves(), 2
    made = F.pixel_shuffle(drafts(own, [(waves(0.25), flow(0.25))], scale)[None], scale)[0, 0]
    alone = F.interpolate(own[None, None], scale_factor=scale, mode="bilinear", align_corners=False)[0, 0]
    truth = 0.5 + 0.4 * torch.sin(0.9 * ((torch.arange(48) + 0.5) / scale - 0.5))
    at = slice(6, -6, 2)
    assert float((alone - truth)[:, at].abs().mean()) > 0.01
    torch.testing.assert_close((alone + made)[:, at], truth.expand(48, 48)[:, at])


def test_pixels_of_one_point_lie_beside_each_other() -> None:
    own = torch.zeros(4, 4)
    ramp = torch.arange(4, dtype=torch.float32).expand(4, 4).contiguous()
    made = drafts(own, [(ramp, flow(0, 4))], 2)[:, 1, 1]
    torch.testing.assert_close(made, torch.tensor([0.75, 1.25, 0.75, 1.25]))
