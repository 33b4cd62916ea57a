"""A package: the master, what is encoded from it, what was done to it, and the list of all that."""

import json
import shutil
from pathlib import Path
from typing import TYPE_CHECKING, Any

from django.conf import settings
from django.utils.translation import gettext_noop

from archive.storage import derivative_path, holding_path, path_of_key, place
from restoration.actions import deliveries, packages, sheet
from restoration.actions.failing import explain
from restoration.engine.encoding.profiles import PROFILES
from restoration.engine.errors import EngineError
from restoration.jobs.networks import lay_out
from restoration.jobs.pulse import Pulse, carry_out, file_digest, worker_name
from restoration.jobs.restoring import is_made_so_today, promise, refuse_changed_source
from restoration.models import BeforeAfterClip, Delivery, DeliveryItem, Version
from restoration.vocabularies import ClipStyle, ItemKind

if TYPE_CHECKING:
    from restoration.engine.encoding.film_grain import GivenBack

RENDITIONS = (("mezzanine", ItemKind.MEZZANINE, "mezzanine.mov"), ("access", ItemKind.ACCESS, "viewing.mp4"))


class DamagedMasterError(EngineError):
    """The bytes that were approved are no longer there."""


class DamagedClipError(EngineError):
    """The bytes of a clip that was to go along are no longer there."""


def package(delivery_pk: str) -> None:
    """Make all files of a delivery, and register them together."""
    delivery = deliveries.claim(delivery_pk, worker=worker_name())
    if delivery is None:
        return
    folder = path_of_key(settings.WORK_DIR, f"deliveries/{delivery.pk}-attempt-{delivery.attempts}")

    def work(pulse: Pulse) -> None:
        folder.mkdir(parents=True, exist_ok=True)
        try:
            items = _make_items(delivery, folder, pulse)
            deliveries.finish(delivery, items, put_in_place=lambda: _put_in_place(delivery, items, folder))
        finally:
            shutil.rmtree(folder, ignore_errors=True)

    carry_out(work, beat=lambda pulse: deliveries.beat(delivery, said(pulse)),
              interrupted=lambda: deliveries.give_back(delivery),
              failed=lambda error: deliveries.fail(delivery, explain(error, during=f"package {delivery.pk}")))


def said(pulse: Pulse) -> str:
    """“mezzanine 120/600”."""
    return f"{pulse.step} {pulse.latest.done}/{pulse.latest.total}" if pulse.latest else pulse.step


def _make_items(delivery: Delivery, folder: Path, pulse: Pulse) -> list[DeliveryItem]:
    from restoration.engine.encoding import renditions

    master = _verified_master(delivery, pulse)
    items = [packages.item_of_master(delivery, _plain(renditions.read_facts(master)))]
    for profile, kind, name in (*RENDITIONS, *map(_extra, delivery.extras)):
        pulse.begin(profile)
        path = folder / packages.item_name(delivery, name)
        grain = _grain_of(delivery.version, pulse) if PROFILES[profile].carries_grain else ()
        facts = renditions.render(profile, master, path, grain=grain, report=pulse.report,
                                  is_cancelled=pulse.is_cancelled)
        items.append(packages.item_of_file(delivery, kind, path, _plain(facts)))
    pulse.begin(ItemKind.CLIP)
    items += [_clip_item(delivery, folder, number, clip)
              for number, clip in enumerate(delivery.clips.order_by("start", "pk"), start=1)]
    return _with_papers(delivery, folder, items)


def _clip_item(delivery: Delivery, folder: Path, number: int, clip: BeforeAfterClip) -> DeliveryItem:
    """A copy of its own, so that the clip can be let go."""
    style = clip.style.replace("_", "-")
    kind = f"3d-{number}" if clip.style == ClipStyle.STEREO else f"before-after-{number}-{style}"
    path = folder / packages.item_name(delivery, f"{kind}.mp4")
    held = derivative_path(clip.file_key)
    if held.exists():
        shutil.copyfile(held, path)
    if not path.exists() or file_digest(path) != clip.sha256:
        raise DamagedClipError(gettext_noop("The before/after clip from frame {first} to {last} is missing or no "
                                            "longer what was made. Make it again before packaging."),
                               first=clip.start, last=clip.end - 1)
    return packages.item_of_file(delivery, ItemKind.CLIP, path, {
        **(clip.facts or {}), "style": clip.style, "first_frame": clip.start, "last_frame": clip.end - 1})


def _extra(profile: str) -> tuple[str, ItemKind, str]:
    recipe = PROFILES[profile]
    kind = ItemKind.WIDE_RANGE if recipe.widens else ItemKind.ACCESS
    return profile, kind, profile + recipe.suffix


def _grain_of(version: Version, pulse: Pulse) -> "tuple[GivenBack, ...]":
    """What the master was given back, found again from the source that it was made from; none where today's engine
    would make another master, whose grain may be other too. A copy's picture then holds the grain as it is."""
    from restoration.engine.grain_given import grain_given

    report, chosen = promise(version)
    lay_out(chosen)
    refuse_changed_source(version.source, is_cancelled=pulse.is_cancelled)
    if not is_made_so_today(version):
        return ()
    return grain_given(holding_path(version.source), report, chosen, is_cancelled=pulse.is_cancelled)


def _with_papers(delivery: Delivery, folder: Path, items: list[DeliveryItem]) -> list[DeliveryItem]:
    facts = sheet.facts_of(delivery, items)
    html, machine = (folder / packages.item_name(delivery, f"sheet.{ending}") for ending in ("html", "json"))
    html.write_text(sheet.render(facts))
    machine.write_text(json.dumps(facts, indent=2, ensure_ascii=False) + "\n")
    items = [*items, *(packages.item_of_file(delivery, ItemKind.SHEET, path) for path in (html, machine))]
    listed = folder / "manifest.json"
    listed.write_text(packages.manifest_json(delivery, items))
    items = [*items, packages.item_of_file(delivery, ItemKind.MANIFEST, listed)]
    checked = folder / packages.MANIFEST
    checked.write_text(packages.manifest_text(items))
    return [*items, packages.item_of_file(delivery, ItemKind.MANIFEST, checked)]


def _verified_master(delivery: Delivery, pulse: Pulse) -> Path:
    """What is handed over is what was approved, byte for byte."""
    pulse.begin("fixity")
    master = delivery.version.master
    if master is None:
        raise RuntimeError(f"{delivery.version} has no master")
    path = holding_path(master)
    if not path.exists() or file_digest(path, is_cancelled=pulse.is_cancelled) != master.sha256:
        raise DamagedMasterError(gettext_noop("The master {name} is missing or no longer what was approved. Check its "
                                              "fixity and bring it back before packaging."), name=master.name)
    return path


def _put_in_place(delivery: Delivery, items: list[DeliveryItem], folder: Path) -> None:
    try:
        for item in items:
            if not item.is_holding:
                place(folder / item.name, derivative_path(item.storage_key))
    except OSError:
        shutil.rmtree(derivative_path(f"deliveries/{delivery.pk}"), ignore_errors=True)
        raise


def _plain(facts: Any) -> dict[str, Any]:
    return dict(facts.model_dump(mode="json"))
