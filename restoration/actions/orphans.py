"""Bytes that no row keeps, in the holdings and in all that is derived from them."""

import re
from collections.abc import Callable
from datetime import timedelta

from archive.actions import orphans
from archive.actions.orphans import GRACE, Orphan, clear
from restoration.actions import contact_sheet, prints
from restoration.actions.inspections import ONGOING
from restoration.actions.masks import KIND
from restoration.actions.segments import LIVE
from restoration.actions.weights import FOLDER
from restoration.models import (
    Adaptation,
    Analysis,
    BeforeAfterClip,
    Delivery,
    DeliveryItem,
    Inspection,
    Look,
    Run,
    RunShot,
    Version,
    Weights,
)
from restoration.vocabularies import DeliveryState, WorkState

__all__ = ["GRACE", "Orphan", "clear", "find"]

_WEIGHTS = re.compile(FOLDER + r"/([0-9a-f]{64}|[0-9a-f]{32}\.incoming)")
Keeper = Callable[[], Callable[[str, str], bool]]


def find(older_than: timedelta = GRACE) -> list[Orphan]:
    """Files that were left alone for so long and that no row keeps. What a run or a package under way may be about to
    register is not among them."""
    keepers: dict[str, Keeper] = {
        "pair-reels": _pair_reels, "deliveries": _packages, "clips": _clips,
        "stills": lambda: _stills_of(_numbers(Version)), "evidence": lambda: _stills_of(_numbers(Analysis)),
        "looks": lambda: _stills_of(_numbers(Look)), KIND: _masks,
        **{kind: lambda: _prints(_numbers(Version)) for kind in (prints.FOLDER, contact_sheet.FOLDER)}}
    weights = orphans.in_holdings(older_than, named=_WEIGHTS, keys=_weights)
    return orphans.in_holdings(older_than) + weights + orphans.in_previews(older_than) + [
        one for kind, keeper in keepers.items() for one in orphans.in_derivatives(kind, keeper, older_than)]


def _weights() -> set[str]:
    brought = Weights.objects.values_list("sha256", flat=True)
    adapted = Adaptation.objects.exclude(sha256="").values_list("sha256", flat=True)
    inspected = Inspection.objects.filter(state__in=ONGOING).values_list("incoming", flat=True)
    return {*inspected, *(f"{FOLDER}/{sha256}" for sha256 in (*brought, *adapted))}


def _pair_reels() -> Callable[[str, str], bool]:
    keys = set(Version.objects.values_list("pair_reel_key", flat=True))
    live = {str(pk) for pk in Run.objects.filter(state__in=LIVE).values_list("version_id", flat=True)}
    return lambda folder, name: folder in live or f"pair-reels/{folder}/{name}" in keys


def _masks() -> Callable[[str, str], bool]:
    digests = set(RunShot.objects.values_list("segment_digest", flat=True))
    return lambda _folder, name: name.removesuffix(".zip") in digests


def _packages() -> Callable[[str, str], bool]:
    keys = set(DeliveryItem.objects.filter(is_holding=False).values_list("storage_key", flat=True))
    busy = {str(pk) for pk in Delivery.objects.filter(state=DeliveryState.PACKAGING).values_list("pk", flat=True)}
    return lambda folder, name: folder in busy or f"deliveries/{folder}/{name}" in keys


def _clips() -> Callable[[str, str], bool]:
    keys = set(BeforeAfterClip.objects.values_list("file_key", flat=True))
    busy = {str(pk) for pk in BeforeAfterClip.objects.filter(state=WorkState.RUNNING).values_list("pk", flat=True)}
    return lambda folder, name: folder in busy or f"clips/{folder}/{name}" in keys


def _stills_of(rows: set[str]) -> Callable[[str, str], bool]:
    return lambda folder, name: folder in rows and name.endswith(".png")


def _prints(rows: set[str]) -> Callable[[str, str], bool]:
    return lambda folder, name: folder in rows and name.endswith((".pdf", ".failed"))


def _numbers(model: type[Version | Analysis | Look]) -> set[str]:
    return {str(pk) for pk in model.objects.values_list("pk", flat=True)}
