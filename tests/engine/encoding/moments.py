"""Moments whose barcode survives a deinterlacer."""

import torch
from torch import Tensor

from tests import clips


def gray(number: int) -> int:
    """The Gray code of a number. A plain number's last bit changes with every field, so that in the fields of one
    parity it seems to stand still, and a deinterlacer that looks back in time rightly weaves what never was."""
    return number ^ number >> 1


def marked(clip: Tensor) -> Tensor:
    """The clip with the Gray code of each moment's number as its barcode."""
    return torch.cat([clips.numbered(planes[None], gray(number)) for number, planes in enumerate(clip)])
