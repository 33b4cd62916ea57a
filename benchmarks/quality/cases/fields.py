"""From fields to whole frames: each moment of a clip keeps one field, and all of it must come back."""

import torch
from torch import Tensor

from benchmarks.quality.case import Case, Oracle
from restoration.engine.ageing import Aged
from restoration.engine.frames import fields_of, woven
from restoration.engine.settings import FieldsSettings, Settings


def _age(clip: Tensor, seed: int) -> Aged:
    """Odd seeds have the top field first, even ones the bottom field."""
    order = "tff" if seed % 2 else "bff"
    moments = clip[:len(clip) // 2 * 2]
    frames = torch.stack([woven(fields_of(one, order)[0], fields_of(two, order)[1], order)
                          for one, two in zip(moments[::2], moments[1::2], strict=True)])
    return Aged(frames, moments, None, order)


def _torn(aged: Aged) -> float:
    """Share of the picture in which the two moments of a frame visibly differ."""
    apart = (aged.truth[1::2, 0] - aged.truth[::2, 0]).abs()
    return float((apart > 15 / 255).float().mean())


def _settings(aged: Aged) -> Settings:
    return Settings(fields=FieldsSettings(method="frames"))


CASE = Case(
    name="fields", title="From fields to frames", age=_age, settings=_settings, detects="combing", amount=_torn,
    frames=32,
    oracles=(
        Oracle("bwdif", "bwdif=mode=send_field:parity={order}:deint=all"),
        Oracle("nnedi", "nnedi=weights={weights}:deint=all:field=af:nsize={nsize}:nns={nns}:qual=slow",
               ({"nsize": "s32x4", "nns": "n64"}, {"nsize": "s8x6", "nns": "n64"}, {"nsize": "s48x6", "nns": "n32"})),
        Oracle("yadif", "yadif=mode=send_field:parity={order}:deint=all"),
        Oracle("w3fdif", "w3fdif=mode=field:parity={order}:deint=all:filter={filter}",
               ({"filter": "complex"}, {"filter": "simple"})),
        Oracle("estdif", "estdif=mode=field:parity={order}:deint=all:interp={interp}",
               ({"interp": "2p"}, {"interp": "4p"}, {"interp": "6p"})),
    ))
