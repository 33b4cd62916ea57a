"""The cleaner adapted to a recording: asked for by a restorer, learnt by a worker, offered for that asset alone."""

from collections.abc import Callable, Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.access import require_role
from archive.actions import provenance
from archive.models import Asset, User
from archive.vocabularies import EventType, Outcome
from restoration.access import RESTORERS
from restoration.actions import attempts
from restoration.actions.bell import Bell
from restoration.actions.failing import NO_ERROR, Sentence
from restoration.actions.weights import lies_here
from restoration.engine.errors import SettingsError, WeightsError
from restoration.engine.progress import Progress
from restoration.engine.settings import Settings
from restoration.models import Adaptation, Analysis
from restoration.vocabularies import WorkState

ONGOING = (WorkState.QUEUED, WorkState.RUNNING)
NAMING = "noise.weights"  # The setting that names adapted weights.


def queue(analysis: Analysis, *, by: User) -> Adaptation:
    """Ask for the cleaner to be adapted to an analysed recording. One at a time for an asset."""
    require_role(by, RESTORERS)
    if analysis.state != WorkState.FINISHED or not analysis.report:
        raise ValidationError(_("The cleaner can be adapted once the analysis has finished."))
    try:
        with transaction.atomic():
            adaptation = Adaptation.objects.create(analysis=analysis, by=by,
                                                   asset=analysis.media_file.instantiation.asset)
            bell(adaptation).ring()
    except IntegrityError:
        raise ValidationError(_("The cleaner is being adapted to this recording already.")) from None
    return adaptation


def cancel(adaptation: Adaptation, *, by: User) -> None:
    """Give it up; its worker stops within a frame's time, and nothing is kept."""
    require_role(by, RESTORERS)
    changed = Adaptation.objects.filter(pk=adaptation.pk, state__in=ONGOING).update(
        state=WorkState.CANCELLED, worker="", ended_at=timezone.now())
    if not changed:
        raise ValidationError(_("This adaptation has already ended."))
    adaptation.refresh_from_db()


def bell(adaptation: Adaptation) -> Bell:
    return Bell("adapt", (adaptation.pk,), f"adaptation-{adaptation.pk}-attempt-{adaptation.attempts + 1}", "low")


def waiting() -> QuerySet[Adaptation]:
    return Adaptation.objects.filter(state=WorkState.QUEUED)


def claim(pk: int, *, worker: str) -> Adaptation | None:
    if not attempts.claim(Adaptation, pk, worker=worker, phase="", done=0, total=0, **NO_ERROR.as_columns()):
        return None
    return Adaptation.objects.select_related("analysis__media_file", "asset", "by").get(pk=pk)


def beat(adaptation: Adaptation, progress: Progress | None) -> bool:
    """Say that it is worked on, and how far it is. False when it is no longer wanted from this worker."""
    far = {"phase": progress.phase, "done": progress.done, "total": progress.total} if progress else {}
    return attempts.beat(adaptation, **far)


def finish(adaptation: Adaptation, *, sha256: str, put_in_place: Callable[[], None], **learnt: Any) -> bool:
    """Keep what was learnt, or that nothing was: sha256 is empty then. put_in_place: called once nothing but the commit
    can fail, and not at all for one that was given up, so that no weights lie under a digest that no row names. learnt:
    the other columns. False when it was no longer this worker's."""
    with transaction.atomic():
        changed = attempts.end(adaptation, WorkState.FINISHED, sha256=sha256, **learnt)
        if changed:
            detail = (gettext_noop("The cleaner was adapted to {name}: SHA-256 {sha256}") if sha256 else
                      gettext_noop("The cleaner stays as it is shipped for {name}: held-out moments gained nothing"))
            _record(adaptation, Outcome.SUCCESS, detail, sha256=sha256, base=learnt.get("base_sha256", ""))
            put_in_place()
    return changed


def fail(adaptation: Adaptation, sentence: Sentence) -> bool:
    with transaction.atomic():
        changed = attempts.end(adaptation, WorkState.FAILED, **sentence.as_columns())
        if changed:
            _record(adaptation, Outcome.FAILURE, sentence.text, **sentence.values)
    return changed


def give_back(adaptation: Adaptation) -> None:
    """An interrupted adaptation waits again, unless it was given up; it begins anew and comes to the same."""
    with transaction.atomic():
        if attempts.wait_again(adaptation):
            bell(adaptation).ring()


def kept_for(asset: Asset) -> QuerySet[Adaptation]:
    """Those whose weights may be used for versions of this asset, the newest first."""
    return Adaptation.objects.filter(asset=asset, state=WorkState.FINISHED).exclude(sha256="")


def lost_for(asset: Asset) -> list[str]:
    """SHA-256 of what was kept for this asset and whose bytes are not here any more, each once."""
    return list(dict.fromkeys(row.sha256 for row in kept_for(asset) if not lies_here(row)))


def refuse_foreign(settings: Settings, asset: Asset) -> None:
    """Raises SettingsError where weights are asked for that were not adapted to this asset's recording; WeightsError
    where their bytes are not here."""
    named = (settings.noise.weights, *(override.changes.get("noise", {}).get("weights")
                                       for override in settings.overrides))
    wished = {sha256 for sha256 in named if sha256}
    kept = {row.sha256: row for row in kept_for(asset).filter(sha256__in=wished)}
    for sha256 in sorted(wished):
        if sha256 not in kept:
            raise SettingsError(gettext_noop("The weights with the SHA-256 {sha256} were not adapted to this asset's "
                                             "recording."), sha256=sha256)
        if not lies_here(kept[sha256]):
            raise WeightsError(gettext_noop("The bytes of the weights that were adapted to this recording are missing "
                                            "or damaged here (SHA-256 {sha256}). Adapt the cleaner again, bring the "
                                            "same file under “Networks”, or choose none."), sha256=sha256)


def in_words(digests: Iterable[str]) -> dict[str, str]:
    """By digest, each once and in this order: when the weights were adapted, last where they were more than once, and
    the digest; the digest alone where nobody knows them."""
    asked = list(dict.fromkeys(digests))
    ended = dict(Adaptation.objects.filter(sha256__in=asked, ended_at__isnull=False).order_by("pk")
                 .values_list("sha256", "ended_at"))
    days = {sha256: f"cleaner · {timezone.localtime(at):%Y-%m-%d} · " for sha256, at in ended.items()}
    return {sha256: f"{days.get(sha256, '')}SHA-256 {sha256}" for sha256 in asked}


def _record(adaptation: Adaptation, outcome: Outcome, detail: str, **facts: Any) -> None:
    media_file = adaptation.analysis.media_file
    provenance.record(EventType.NETWORK_ADAPTED, on=media_file, by=adaptation.by, asset=adaptation.asset,
                      outcome=outcome, detail=detail,
                      **{"name": media_file.name, "adaptation": adaptation.pk, **facts})
