"""A network over a picture of any size."""

import pytest
import torch
from torch import Tensor, nn

from restoration.engine.networks.strips import over


class Spread(nn.Module):
    """Looks 4 lines around, makes twice the raster, and counts what it was asked."""

    def __init__(self, room: int = 10 ** 9, refusal: Exception | None = None) -> None:
        super().__init__()
        self.room, self.refusal, self.asked = room, refusal or torch.OutOfMemoryError(), []

    def forward(self, shown: Tensor) -> Tensor:
        self.asked.append(shown.shape[2])
        if shown[0, 0].numel() > self.room:
            raise self.refusal
        wide = nn.functional.pad(shown, (0, 0, 4, 4), mode="replicate")
        return nn.functional.avg_pool2d(wide, (9, 1), 1).repeat_interleave(2, 2).repeat_interleave(2, 3)


def picture() -> Tensor:
    return torch.rand(2, 150, 40, generator=torch.Generator().manual_seed(1))


def test_strips_make_what_the_whole_makes() -> None:
    whole, stripped = Spread(), Spread()
    wanted, made = over(whole, picture(), scale=2, reach=4), over(stripped, picture(), scale=2, reach=4, room=1600)
    assert (len(whole.asked), len(stripped.asked)) == (1, 4)
    torch.testing.assert_close(made, wanted)


@pytest.mark.parametrize("refusal", [torch.OutOfMemoryError(), MemoryError(), RuntimeError(
    "[enforce fail at alloc_cpu.cpp:117] DefaultCPUAllocator: can't allocate memory: you tried to allocate 9 bytes.")])
def test_where_memory_runs_out_strips_are_halved_and_it_goes_on(refusal: Exception) -> None:
    tight = Spread(room=3000, refusal=refusal)
    torch.testing.assert_close(over(tight, picture(), scale=2, reach=4), over(Spread(), picture(), scale=2, reach=4))
    assert tight.asked[0] == 150 and max(tight.asked[1:]) < 150


def test_where_not_even_the_smallest_strip_fits_it_says_so() -> None:
    with pytest.raises(torch.OutOfMemoryError):
        over(Spread(room=10), picture(), scale=2, reach=4)


def test_what_has_nothing_to_do_with_memory_is_not_tried_again() -> None:
    broken = Spread(room=3000, refusal=RuntimeError("Given groups=1, expected 3 channels"))
    with pytest.raises(RuntimeError, match="channels"):
        over(broken, picture(), scale=2, reach=4)
    assert len(broken.asked) == 1
