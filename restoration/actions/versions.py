"""Promises: what is proposed stays as it was proposed, under its number."""

from collections.abc import Iterable
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import Max
from django.utils.translation import gettext as _
from django.utils.translation import gettext_noop

from archive.access import require_role
from archive.actions import provenance
from archive.models import Asset, User
from archive.vocabularies import EventType
from restoration.access import RESTORERS
from restoration.actions import adapting, presets, runs, weights
from restoration.engine import effect
from restoration.engine.excepting import refuse_astray
from restoration.engine.facts import AnalysisReport
from restoration.engine.fitting import fitted, refuse_unfit
from restoration.engine.settings import PRESETS, Override, Retouch, Settings, parse
from restoration.models import Analysis, Version
from restoration.vocabularies import WorkState

CHOSEN_BY_HAND = gettext_noop("Chosen by hand: {value} instead of the recommended {recommended}.")


def propose(analysis: Analysis, *, by: User, settings: Settings | dict[str, Any] | None = None, preset: str = "",
            note: str = "") -> Version:
    """A new version with the asset's next number. Without settings, those that the analysis recommends.

    Raises SettingsError for settings that cannot be, would spoil the source or ask for weights that nobody registered
    or that were withdrawn, WeightsError for weights that are not here or that nothing here can run, ValidationError
    when the analysis has not finished.
    """
    require_role(by, RESTORERS)
    if analysis.state != WorkState.FINISHED or not analysis.report:
        raise ValidationError(_("Propose a version once the analysis has finished."))
    report = AnalysisReport.model_validate(analysis.report)
    chosen = _settings(settings, report)
    refuse_unfit(chosen, report.source)
    refuse_astray(chosen, report)
    weights.refuse_unknown(chosen)
    weights.refuse_withdrawn(chosen)
    adapting.refuse_foreign(chosen, analysis.media_file.instantiation.asset)
    with transaction.atomic():
        version = _promise(analysis, chosen, by=by, note=note, preset=_preset_of(chosen, report, wished=preset),
                           reasons=reasons(chosen, report))
        provenance.record(EventType.VERSION_PROPOSED, on=version, by=by, asset=version.asset,
                          detail=gettext_noop("{version} proposed from {name}"), version=str(version),
                          name=analysis.media_file.name, settings_digest=version.settings_digest)
    return version


def derive(version: Version, *, by: User, overrides: Iterable[Override], retouch: Iterable[Retouch] = (),
           note: str = "") -> Version:
    """The next version of the asset: as this one, but for these exceptions, which come on top of its own. Its run is
    queued at once, and computes only the shots that come out differently.

    Raises ValidationError for a version without a master and where nothing would differ; SettingsError, WeightsError.
    """
    require_role(by, RESTORERS)
    if version.master_id is None:
        raise ValidationError(_("Make %(version)s first; then a version can be derived from it."),
                              params={"version": str(version)})
    new = tuple(overrides)
    chosen = parse(version.settings).with_exceptions(new, retouch)
    if chosen.digest() == version.settings_digest:
        raise ValidationError(_("Nothing would differ from %(version)s. Change a shot first."),
                              params={"version": str(version)})
    report = AnalysisReport.model_validate(version.analysis.report)
    refuse_unfit(chosen, report.source)
    refuse_astray(Settings(overrides=new), report)
    weights.refuse_unknown(chosen)
    adapting.refuse_foreign(chosen, version.asset)
    with transaction.atomic():
        derived = _promise(version.analysis, chosen, by=by, note=note, reasons=version.reasons, derived_from=version)
        provenance.record(EventType.VERSION_PROPOSED, on=derived, by=by, asset=derived.asset,
                          detail=gettext_noop("{version} derived from {other}"), version=str(derived),
                          other=str(version), settings_digest=derived.settings_digest)
        runs.queue(derived, by=by)
    return derived


def _promise(analysis: Analysis, chosen: Settings, *, note: str, **more: Any) -> Version:
    """Under the asset's next number; within a transaction, for the asset's row is locked until it ends."""
    asset = Asset.objects.select_for_update(of=("self",)).get(instantiations__media_files=analysis.media_file_id)
    last = Version.objects.filter(asset=asset).aggregate(last=Max("number"))["last"] or 0
    return Version.objects.create(
        asset=asset, number=last + 1, source_id=analysis.media_file_id, analysis=analysis, note=note.strip(),
        settings=chosen.model_dump(mode="json"), settings_digest=chosen.digest(), **more)


def reasons(settings: Settings, report: AnalysisReport) -> list[dict[str, Any]]:
    """Why each setting is what it is: the analysis' reason where it was followed, and where it was not, that too."""
    recommended = flat(report.recommendation.settings)
    chosen = flat(settings)
    followed = [reason.model_dump(mode="json") for reason in report.recommendation.reasons
                if chosen.get(reason.field) == recommended.get(reason.field)]
    differing = {field: (value, recommended.get(field)) for field, value in chosen.items()
                 if value != recommended.get(field)}
    names = _names(differing)
    by_hand = [{"field": field, "text": CHOSEN_BY_HAND,
                "values": {"value": _told(field, value, names), "recommended": _told(field, advised, names)}}
               for field, (value, advised) in differing.items()]
    return followed + by_hand


def told(version: Version, settings: Settings) -> dict[str, tuple[str, ...]]:
    """By section, which of a version's settings have an effect on its source, as `effect.told` says."""
    return effect.told(settings, int((version.analysis.report or {}).get("source", {}).get("height", 0)))


def flat(settings: Settings) -> dict[str, Any]:
    """Settings by path: {"noise.luma": 0.6, …}."""
    return {f"{section}.{name}": value
            for section, fields in settings.model_dump(mode="json").items() if isinstance(fields, dict)
            for name, value in fields.items()}


def _names(differing: dict[str, tuple[Any, Any]]) -> dict[str, str]:
    """By digest, what the weights among these values are called."""
    brought = [value for field in weights.NAMING for value in differing.get(field, ()) if value]
    adapted = [value for value in differing.get(adapting.NAMING, ()) if value]
    return {**weights.in_words(brought), **adapting.in_words(adapted)}


def _told(field: str, value: Any, names: dict[str, str]) -> str:
    """As a person may read it: a digest with the name and the licence it stands for."""
    if field in (*weights.NAMING, adapting.NAMING):
        return names[value] if value else "none"
    return str(value)


def _settings(settings: Settings | dict[str, Any] | None, report: AnalysisReport) -> Settings:
    if settings is None:
        return report.recommendation.settings
    return parse(settings) if isinstance(settings, dict) else settings


def _preset_of(settings: Settings, report: AnalysisReport, *, wished: str) -> str:
    """The preset these settings are: the one they began from, the recommended one, or none once changed by hand."""
    if wished in PRESETS and settings == fitted(PRESETS[wished].settings, report.source):
        return wished
    if wished == presets.NATURAL and settings == presets.natural(report).settings:
        return wished
    return report.recommendation.preset if settings == report.recommendation.settings else ""
