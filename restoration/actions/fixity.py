"""Whether the weights that pictures are made with are still the ones taken in, or learnt. Each answer is kept."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.db import transaction

from archive.access import require_cataloguer
from archive.actions import provenance
from archive.actions.fixity import UNCHANGED, read
from archive.models import Asset, User
from archive.vocabularies import EventType, Outcome
from restoration.actions.weights import weights_path
from restoration.models import Adaptation, Weights


@dataclass(frozen=True, slots=True)
class Checked:
    """name: of the network, and of the asset it was adapted to; state: the sentence that is true of its bytes."""

    name: str
    sha256: str
    state: str

    @property
    def is_unchanged(self) -> bool:
        return self.state == UNCHANGED


def check_weights(*, by: User | None, software: str = "") -> Iterator[Checked]:
    """Read the bytes of all registered weights and of all adapted ones, one after the other, and compare."""
    require_cataloguer(by)
    for brought in Weights.objects.all():
        yield _check(brought, by=by, software=software)
    for adapted in Adaptation.objects.exclude(sha256="").select_related("asset"):
        yield _check(adapted, asset=adapted.asset, by=by, software=software)


def _check(row: Weights | Adaptation, *, by: User | None, software: str, asset: Asset | None = None) -> Checked:
    found, state = read(weights_path(row.sha256), row.sha256, total=row.size_bytes)
    with transaction.atomic():
        provenance.record(EventType.FIXITY_CHECKED, on=row, by=by, software=software, asset=asset, detail=state,
                          outcome=Outcome.SUCCESS if state == UNCHANGED else Outcome.FAILURE, name=row.name,
                          sha256=row.sha256, found=found)
    return Checked(row.name, row.sha256, state)
