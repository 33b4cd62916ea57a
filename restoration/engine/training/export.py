"""What a training learnt, as the file that is shipped."""

import hashlib
from pathlib import Path

import torch
from safetensors.torch import save

from restoration.engine.media.whole import written_whole
from restoration.engine.training.loop import State


def export(state: State, target: Path, rounded: torch.dtype = torch.float32) -> str:
    """Write the running mean of the weights, rounded, as safetensors; the same state gives the same bytes. Returns
    their SHA-256, in hexadecimal."""
    data = save({name: tensor.to("cpu", rounded).contiguous() for name, tensor in state.mean.state_dict().items()})
    with written_whole(target) as partial:
        partial.write_bytes(data)
    return hashlib.sha256(data).hexdigest()
