"""A small case whose answers are known beforehand."""

import torch
from torch import Tensor

from benchmarks.quality.case import Case, Oracle
from restoration.engine.ageing import Aged
from restoration.engine.settings import Settings

SQUARE = (slice(8, 16), slice(8, 16))


def darken_a_square(clip: Tensor, seed: int) -> Aged:
    damaged, masks = clip.clone(), torch.zeros(len(clip), *clip.shape[-2:], dtype=torch.bool)
    damaged[:, 0, *SQUARE] -= 0.1
    masks[:, *SQUARE] = True
    return Aged(damaged, clip, masks)


def nothing_asked(aged: Aged) -> Settings:
    return Settings()


SQUARE_CASE = Case(name="square", title="A dark square", age=darken_a_square, settings=nothing_asked, is_local=True,
                   oracles=(Oracle("lighter", "lutyuv=y=val+{levels}*256",
                                   ({"levels": "5"}, {"levels": "22"}, {"levels": "60"})),
                            Oracle("nobody", "nosuchfilter")))
