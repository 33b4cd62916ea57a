"""The line of the recording: carrier → file → versions → delivery, each point a door.

Versions and deliveries are reached by the relations that restoration declares; the archive knows no more of them.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import Any

from django.template.defaultfilters import filesizeformat
from django.urls import reverse
from django.utils.translation import gettext as _

from archive.models import Asset, Instantiation, MediaFile
from archive.templatetags.technical import picture_in_words
from archive.vocabularies import Condition, Generation

SHOWN_VERSIONS = 3


@dataclass(frozen=True)
class Point:
    """One station of a recording. `standing` is done, asked, under_way, refused or to_come."""

    label: str
    url: str
    standing: str
    words: list[str] = field(default_factory=list)


def line_of(asset: Asset, instantiations: Iterable[Instantiation], versions: list[Any]) -> list[Point]:
    parts = list(instantiations)
    return [*_carriers(asset, parts), *_files(asset, parts), *_versions(versions), *_deliveries(versions)]


def _carriers(asset: Asset, parts: list[Instantiation]) -> Iterator[Point]:
    for carrier in (part for part in parts if part.is_physical):
        words = [_("shelf %(shelf)s") % {"shelf": carrier.shelf} if carrier.shelf else _("no shelf recorded")]
        if carrier.condition != Condition.UNKNOWN:
            words.append(_("condition: %(condition)s") % {
                "condition": carrier.condition_note or carrier.get_condition_display().lower()})
        yield Point(str(carrier), f"#instantiation-{carrier.pk}", "done", words)
    if not any(part.is_physical for part in parts):
        yield Point(_("Carrier"), reverse("carrier-new", args=[asset.pk]), "to_come", [_("none recorded")])


def _files(asset: Asset, parts: list[Instantiation]) -> Iterator[Point]:
    sources = [file for part in parts if part.generation != Generation.RESTORED for file in part.media_files.all()]
    for file in sources:
        is_lost = has_lost_fixity(file)
        words = [picture_in_words(file), filesizeformat(file.size_bytes)]
        words.insert(0 if is_lost else 2, fixity_in_words(file))
        yield Point(_("Digitised file"), reverse("media-file", args=[file.pk]), "refused" if is_lost else "done",
                    list(filter(None, words)))
    if not sources:
        yield Point(_("File"), f"{reverse('upload')}?asset={asset.pk}", "to_come", [_("not digitised yet")])


def has_lost_fixity(file: MediaFile) -> bool:
    """Whether the latest check found other bytes than the ones that came."""
    return any(check.outcome != "success" for check in list(file.fixity_checks.all())[:1])


def fixity_in_words(file: MediaFile) -> str:
    checks = list(file.fixity_checks.all())
    if not checks:
        return _("fixity not checked since it came")
    return _("fixity lost") if has_lost_fixity(file) else _("fixity good")


def _versions(versions: list[Any]) -> Iterator[Point]:
    for version in sorted(versions, key=lambda version: version.number)[-SHOWN_VERSIONS:]:
        standing, words = _standing_of(version)
        yield Point(_("Version %(number)s") % {"number": version.number}, _door("version", version.pk), standing, words)
    if not versions:
        yield Point(_("Restoration"), "#restoration", "to_come", [_("no version yet")])


def _standing_of(version: Any) -> tuple[str, list[str]]:
    if version.state == "approved":
        return "done", [_("approved")]
    if version.state == "rejected":
        review = next(iter(version.reviews.all()), None)
        return "refused", [_("rejected: %(reason)s") % {"reason": review.reason} if review else _("rejected")]
    if version.state == "to_review":
        return "asked", [_("waits for a review")]
    return ("under_way", [_("is being made")]) if version.state == "in_work" else ("to_come", [_("proposed")])


def _deliveries(versions: list[Any]) -> Iterator[Point]:
    deliveries = [delivery for version in versions for delivery in version.deliveries.all()]
    standings = {"released": "done", "revoked": "refused", "packaging": "under_way", "packaged": "asked"}
    for delivery in deliveries[:SHOWN_VERSIONS]:
        yield Point(_("Delivery"), _door("delivery", delivery.pk), standings.get(delivery.state, "to_come"),
                    [str(delivery.recipient), delivery.get_state_display().lower()])
    if not deliveries:
        is_approved = any(version.state == "approved" for version in versions)
        yield Point(_("Delivery"), "#restoration", "asked" if is_approved else "to_come",
                    [_("can be packaged") if is_approved else _("waits for approval")])


def _door(name: str, key: Any) -> str:
    return reverse(name, args=[key])
