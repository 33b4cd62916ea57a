"""The sheet that goes with a delivery: in words and numbers, what was done to the picture, in both languages."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from typing import Any

from django.conf import settings as site
from django.template.loader import render_to_string
from django.utils import timezone, translation

from archive.actions.catalogue import preferred_title
from restoration.actions import approval, versions
from restoration.actions.certificate import certificate_of, finished_shots
from restoration.actions.excepted import choice, exceptions, retouched
from restoration.actions.made_with import made_with
from restoration.engine.facts import AnalysisReport, Shot
from restoration.engine.settings import Settings, parse
from restoration.models import Delivery, DeliveryItem, Review, Version

SHEET_VERSION = 1


def facts_of(delivery: Delivery, files: Sequence[DeliveryItem]) -> dict[str, Any]:
    """Everything the sheet says, as plain JSON values; sentences as text and values apart."""
    version = delivery.version
    report = AnalysisReport.model_validate(version.analysis.report)
    counted = approval.counting(version, version.reviews.select_related("reviewer"))
    decisions = [_decision(review) for review in counted]
    shots, settings = finished_shots(version), parse(version.settings)
    told, excepted = versions.told(version, settings), exceptions(settings, report.source)
    certified = certificate_of(shots, report.shots)
    return {
        "sheet": SHEET_VERSION, "engine": (version.report or {}).get("engine", ""),
        "made_at": timezone.now().isoformat(timespec="seconds"),
        "asset": {"accession_number": version.asset.accession_number, "title": preferred_title(version.asset)},
        "version": {"number": version.number, "settings_digest": version.settings_digest, "note": version.note,
                    "proposed_by": str(version.by), "proposed_at": version.proposed_at.isoformat(timespec="seconds")},
        "source": {**report.source.model_dump(mode="json"), "name": version.source.name,
                   "sha256": version.source.sha256, "size_bytes": version.source.size_bytes},
        "shots": len(report.shots),
        "defects": defects(report.shots),
        "weights": [each.as_json() for each in made_with(version, shots)],
        "settings": choices(version, settings, told, excepted),
        "exceptions": excepted, "retouched": retouched(settings, report.source),
        "left_alone": [Settings.model_fields[name].title or name for name, kept in told.items() if not kept],
        "master": {"sha256": version.master.sha256 if version.master else "", **_metrics(version)},
        "faithfulness": certified.as_json() if certified else None,
        "review": decisions[-1] if decisions else None, "decisions": decisions,
        "files": [{"name": item.name, "kind": item.kind, "media_type": item.media_type, "size_bytes": item.size_bytes,
                   "sha256": item.sha256, "facts": item.facts} for item in files],
        "recipient": str(delivery.recipient),
    }


def _decision(review: Review) -> dict[str, Any]:
    """A decision with its place in the chain of all decisions, so that it can be looked up and checked."""
    return {"decision": review.decision, "reviewer": str(review.reviewer), "reason": review.reason,
            "stage": review.stage, "decided_at": review.decided_at.isoformat(timespec="seconds"),
            "master_sha256": review.master_sha256, "number": review.number, "hash": review.hash}


def render(facts: dict[str, Any]) -> str:
    """One self-contained HTML page for screen and paper, each language after the other."""
    parts = []
    for code, _name in site.LANGUAGES:
        with translation.override(code):
            parts.append({"language": code, "body": render_to_string("restoration/_sheet_body.html", {"sheet": facts})})
    return render_to_string("restoration/sheet.html", {"sheet": facts, "parts": parts})


def defects(shots: Iterable[Shot]) -> list[dict[str, Any]]:
    """Each kind of damage once: in how many shots it was found, how bad it was at worst, and where that was."""
    found: dict[str, list[tuple[float, float, str, int]]] = defaultdict(list)
    for shot in shots:
        for defect in shot.defects:
            found[defect.name].append((defect.severity, defect.value, defect.unit, shot.start))
    return [{"name": name, "shots": len(cases), "severity": round(worst[0], 3), "value": round(worst[1], 4),
             "unit": worst[2], "worst_at_frame": worst[3]}
            for name, cases in sorted(found.items()) for worst in [max(cases)]]


def choices(version: Version, settings: Settings, told: dict[str, tuple[str, ...]],
            excepted: Iterable[dict[str, Any]]) -> list[dict[str, Any]]:
    """Every setting that is told, with its title, value, unit and the reasons it was chosen for, and whether it is
    another one in some shots."""
    otherwise: dict[str, set[Any]] = defaultdict(set)
    for each in (each for exception in excepted for each in exception["choices"]):
        otherwise[each["field"]].add(each["value"])
    rows = []
    for section_name, section in settings.sections():
        chosen = getattr(settings, section_name)
        for name in told[section_name]:
            row = choice(section_name, chosen, name, getattr(chosen, name))
            rows.append({
                **row, "section": section.title or section_name,
                "is_excepted": bool(otherwise[row["field"]] - {row["value"]}),
                "reasons": [{"text": reason["text"], "values": reason.get("values", {})} for reason in version.reasons
                            if reason["field"] == row["field"]]})
    return rows


def _metrics(version: Version) -> dict[str, Any]:
    return (version.report or {}).get("master", {})
