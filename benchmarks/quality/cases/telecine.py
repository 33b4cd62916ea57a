"""Film that was spread over the fields of a tape by 2:3 pulldown, with an edit on the tape that broke the rhythm: each
film frame must come back once and whole."""

import torch
from torch import Tensor

from benchmarks.quality.case import Case, Oracle
from restoration.engine.ageing import Aged
from restoration.engine.settings import FieldsSettings, Settings
from tests.clips import telecine


def _age(clip: Tensor, seed: int) -> Aged:
    """The seed says the field order, where in the rhythm the tape begins, and where it was edited."""
    order, phase, edit = "tff" if seed % 2 else "bff", seed % 5, len(clip) // 2 + seed % 4
    taped = telecine(clip, order, breaks=(edit,), phase=phase)
    numbers = torch.arange(len(clip)).float()[:, None, None, None].expand(-1, 1, 2, 1).contiguous()
    shown = telecine(numbers, order, breaks=(edit,), phase=phase)[:, 0, :, 0]
    whole = sorted(set(shown[:, 0].int().tolist()) & set(shown[:, 1].int().tolist()))
    return Aged(taped, clip[whole], None, order)


CASE = Case(
    name="telecine", title="From telecined fields to film", age=_age, is_retimed=True, frames=24,
    settings=lambda aged: Settings(fields=FieldsSettings(method="film")),
    oracles=(
        Oracle("fieldmatch, yadif, decimate",
               "fieldmatch=order={order}:mode={mode}:combmatch={combed},yadif=deint=interlaced:parity={order},decimate",
               tuple({"mode": mode, "combed": combed} for mode in ("pc_n", "pcn_ub", "pc_n_ub")
                     for combed in ("sc", "full"))),
        Oracle("pullup", "pullup,yadif=deint=interlaced:parity={order}"),
        Oracle("bwdif alone", "bwdif=mode=send_field:parity={order}:deint=all"),
    ))
