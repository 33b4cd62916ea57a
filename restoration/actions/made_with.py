"""Which weights a version's pictures come from: as it was written down when its shots were planned, not as today's
registry would have it."""

from collections.abc import Iterable, Sequence
from dataclasses import asdict, dataclass

from restoration.engine.errors import SettingsError
from restoration.engine.networks.registry import NETWORKS, networks_used
from restoration.engine.settings import parse
from restoration.models import Adaptation, RunShot, Version, Weights


@dataclass(frozen=True)
class MadeWith:
    """name: of the network, empty where its weights are no longer known here; licence; sha256: of the weights."""

    name: str
    licence: str
    sha256: str

    def as_json(self) -> dict[str, str]:
        return asdict(self)


def made_with(version: Version, shots: Sequence[RunShot]) -> list[MadeWith]:
    """shots: the version's finished ones. Where nothing was written down yet, our own networks that its settings would
    ask for now."""
    written = [shot.weights for shot in shots if shot.weights is not None]
    return _known({sha256 for each in written for sha256 in each}) if written else _expected(version)


def _known(digests: Iterable[str]) -> list[MadeWith]:
    """By their digests, in the order of names."""
    asked = set(digests)
    own = {each.sha256: (each.name, each.licence) for each in NETWORKS}
    brought = {each.sha256: (each.name, each.licence) for each in Weights.objects.filter(sha256__in=asked)}
    adapted = dict.fromkeys(Adaptation.objects.filter(sha256__in=asked).values_list("sha256", flat=True),
                            ("cleaner", "Apache-2.0"))
    told = {**adapted, **brought, **own}
    return sorted((MadeWith(*told.get(each, ("", "")), each) for each in asked),
                  key=lambda each: (each.name, each.sha256))


def _expected(version: Version) -> list[MadeWith]:
    report = version.analysis.report or {}
    noise = max((shot.get("noise_luma") or 0.0 for shot in report.get("shots", [])), default=0.0)
    lines = int(report.get("source", {}).get("height", 0))
    try:
        asked = networks_used(parse(version.settings), noise, lines)
    except SettingsError:
        return []
    return [MadeWith(each.name, each.licence, each.sha256) for each in asked]
