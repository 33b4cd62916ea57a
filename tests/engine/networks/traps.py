"""Files of weights as people bring them, good ones and traps."""

import io
import os
from pathlib import Path
from typing import Any

import torch


class Trap:
    """What a file could hold that wants to run code when it is read: it would make the folder `mark`."""

    def __init__(self, mark: Path) -> None:
        self.mark = mark

    def __reduce__(self) -> tuple[Any, ...]:
        return os.mkdir, (str(self.mark),)


def pth(content: Any, *, is_legacy: bool = False, protocol: int = 2) -> bytes:
    """As torch writes it, today or before 1.6; it writes pickle protocol 2 unless told otherwise."""
    written = io.BytesIO()
    torch.save(content, written, _use_new_zipfile_serialization=not is_legacy, pickle_protocol=protocol)
    return written.getvalue()


def locked(data: bytes) -> bytes:
    """An archive whose entries are marked as locked with a password, in both places where a zip says so."""
    for beginning, flags in ((b"PK\x03\x04", 6), (b"PK\x01\x02", 8)):
        at = data.find(beginning)
        while at >= 0:
            data = data[:at + flags] + bytes([data[at + flags] | 1]) + data[at + flags + 1:]
            at = data.find(beginning, at + 1)
    return data


def compact(scale: int = 2, *, channels: int = 3, seed: int = 1) -> dict[str, torch.Tensor]:
    """The weights of a small network of the architecture of realesr-animevideov3: two convolutions of 8 channels."""
    torch.manual_seed(seed)
    sizes = [(8, channels), (8, 8), (8, 8), (channels * scale * scale, 8)]
    found = {}
    for number, (out, into) in enumerate(sizes):
        found[f"body.{2 * number}.weight"] = 0.2 * torch.randn(out, into, 3, 3)
        found[f"body.{2 * number}.bias"] = torch.zeros(out)
        if number < len(sizes) - 1:
            found[f"body.{2 * number + 1}.weight"] = torch.full((out,), 0.25)
    return found


def restoreformer(*, seed: int = 1) -> dict[str, torch.Tensor]:
    """The weights of a small face network of the architecture of RestoreFormer, never trained."""
    from restoration.engine.networks.brought.known import spandrel

    spandrel()
    from spandrel.architectures.RestoreFormer import RestoreFormer

    torch.manual_seed(seed)
    made = RestoreFormer(n_embed=16, embed_dim=32, ch=32, ch_mult=(1,) * 6, num_res_blocks=1, attn_resolutions=(16,),
                         in_channels=3, resolution=512, z_channels=32)
    return {name: each.contiguous() for name, each in made.state_dict().items()}
