"""From the bytes of a file to a network of an architecture that spandrel knows.

spandrel (MIT) tells an architecture by the names and shapes of its tensors and builds it; no code of the file is run.
"""

import io
import pickle
from functools import lru_cache
from importlib import import_module
from typing import Any

import torch
from safetensors import SafetensorError
from safetensors.torch import load as parse
from torch import Tensor

from restoration.engine.compute.device import is_out_of_memory
from restoration.engine.errors import WeightsError, gettext_noop
from restoration.engine.networks.brought import NOT_INSTALLED, WeightsFacts
from restoration.engine.networks.brought.kinds import is_pickled
from restoration.engine.networks.brought.pickles import DAMAGED

PURPOSES = {"SR": "enlarge", "Restoration": "clean", "FaceSR": "faces", "Inpainting": "fill"}
FACE = 512  # Pixels along a side of the picture in which a face network wants to see one.

_TRIED = 64  # Pixels along a side of the picture with which an architecture is tried.


@lru_cache(maxsize=1)
def spandrel() -> Any:
    """The package, as it was installed with the extra “models”. Raises WeightsError where it was not."""
    try:
        _bring_torchvision()
        return import_module("spandrel")
    except ModuleNotFoundError as error:
        raise WeightsError(NOT_INSTALLED) from error


def _bring_torchvision() -> None:
    """torchvision from PyPI is compiled for CUDA, and its compiled part does not load beside a torch for CPUs; its
    import then fails because two operators have no name. Of what spandrel takes from torchvision (normalising,
    rotating) nothing is compiled, so a name is all they need."""
    try:
        import_module("torchvision")
    except RuntimeError as error:
        if "operator torchvision::" not in str(error):
            raise
        for name in ("nms", "qnms"):
            torch.library.define(f"torchvision::{name}", "(Tensor dets, Tensor scores, float iou_threshold) -> Tensor")
        import_module("torchvision")


def network_in(data: bytes, name: str) -> Any:
    """spandrel's model descriptor, on the CPU, to be asked and not to be trained. Raises WeightsError: a program, a
    damaged file, an architecture nobody here knows."""
    found = _state_in(data, name)
    registry = spandrel().MAIN_REGISTRY
    if not any(each.detect(found) for each in registry.architectures("detection")):
        raise WeightsError(gettext_noop("“{file}” is of an architecture that is not known here; one of its tensors is "
                                        "called “{tensor}”."), file=name, tensor=min(found)[:100])
    with torch.random.fork_rng(devices=[]):
        try:
            made = registry.load(found)
        except (RuntimeError, KeyError, ValueError, TypeError, AssertionError, IndexError, AttributeError) as error:
            _pass_on_lack_of_memory(error)
            raise WeightsError(gettext_noop("“{file}” looks like the architecture “{architecture}”, but its tensors do "
                                            "not fit it."), file=name, architecture=next(
                each.architecture.name for each in registry.architectures("detection") if each.detect(found))
            ) from error
    _refuse_other_numbers(found, made.model.state_dict(), name)
    made.model.eval().requires_grad_(False)
    return made.float()


def examined(data: bytes, name: str) -> WeightsFacts:
    """What a file holds, after it was tried on a small picture. Raises WeightsError."""
    made = network_in(data, name)
    needs = made.size_requirements
    facts = WeightsFacts(
        architecture=str(made.architecture.name), purpose=PURPOSES[made.purpose], scale=int(made.scale),
        channels_in=int(made.input_channels), channels_out=int(made.output_channels),
        parameters=sum(each.numel() for each in made.model.parameters()), multiple=int(needs.multiple_of),
        least=int(needs.minimum))
    if facts.purpose in ("enlarge", "clean") or facts.can_draw_faces:
        _try(made, facts, name)
    return facts


def face_by(network: Any, face: Tensor) -> Tensor:
    """What a face network makes of R'G'B' [1, 3, FACE, FACE], 0..1. GFPGAN is asked as its authors do (Wang, Li, Zhang
    and Shan 2021), between -1 and 1, which spandrel leaves out, and with the noise that its file holds: spandrel would
    throw dice, and no two frames would be alike."""
    if network.architecture.id == "GFPGAN":
        drawn: Tensor = network.model(2 * face - 1, randomize_noise=False)[0]
        return drawn.add(1).div(2)
    made: Tensor = network(face)
    return made


def _try(made: Any, facts: WeightsFacts, name: str) -> None:
    side = FACE if facts.purpose == "faces" else max(_TRIED, facts.least)
    shown = torch.linspace(0, 1, side).expand(1, facts.channels_in, side, side).contiguous()
    try:
        given = face_by(made, shown) if facts.purpose == "faces" else made(shown)
    except (RuntimeError, ValueError, TypeError, AssertionError, IndexError) as error:
        _pass_on_lack_of_memory(error)
        given = torch.full((1,), torch.nan)
    if given.shape != (1, facts.channels_out, facts.scale * side, facts.scale * side) or not given.isfinite().all():
        raise WeightsError(gettext_noop("“{file}” holds weights of “{architecture}” that make no picture."),
                           file=name, architecture=facts.architecture)


def _refuse_other_numbers(found: dict[str, Tensor], wanted: dict[str, Tensor], name: str) -> None:
    """Loading would take both without a word: whole numbers where the network calculates with fractions, and numbers
    that are none. wanted: the network's own tensors, some of which the file may call otherwise."""
    for key in sorted(found):
        is_fraction = found[key].is_floating_point()
        needs_fraction = wanted[key].is_floating_point() if key in wanted else key.endswith((".weight", ".bias"))
        if needs_fraction and not is_fraction:
            raise WeightsError(gettext_noop("“{file}” holds whole numbers where fractions belong: its tensor "
                                            "“{tensor}” is {type}. Bring the weights as they were trained."),
                               file=name, tensor=key[:100], type=str(found[key].dtype).removeprefix("torch."))
        if is_fraction and not found[key].float().isfinite().all():
            raise WeightsError(gettext_noop("“{file}” holds numbers that are infinite or undefined (NaN): its "
                                            "tensor “{tensor}” is spoilt. Fetch it again from where it came."),
                               file=name, tensor=key[:100])


def _state_in(data: bytes, name: str) -> dict[str, Tensor]:
    """The tensors by name, as spandrel's architectures call them."""
    try:
        read: Any = (torch.load(io.BytesIO(data), map_location="cpu", weights_only=True) if is_pickled(data, name)
                     else parse(data))
    except (RuntimeError, ValueError, KeyError, EOFError, pickle.UnpicklingError, SafetensorError) as error:
        _pass_on_lack_of_memory(error)
        raise WeightsError(DAMAGED, file=name) from error
    state = spandrel().canonicalize_state_dict(read) if isinstance(read, dict) else {}
    found = {str(key): each for key, each in state.items() if isinstance(each, Tensor)}
    if not found:
        raise WeightsError(gettext_noop("“{file}” holds no weights."), file=name)
    return found


def _pass_on_lack_of_memory(error: Exception) -> None:
    if is_out_of_memory(error):
        raise MemoryError from error
