"""What lies in a package, and the two lists of it: one for `sha256sum -c`, one to read by program."""

import hashlib
import json
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from restoration.actions.masters import file_stem, master_name
from restoration.models import Delivery, DeliveryItem
from restoration.vocabularies import ItemKind

MANIFEST = "manifest-sha256.txt"
MEDIA_TYPES = {".mkv": "video/x-matroska", ".mov": "video/quicktime", ".mp4": "video/mp4", ".txt": "text/plain",
               ".json": "application/json", ".html": "text/html"}


def item_of_master(delivery: Delivery, facts: dict[str, Any]) -> DeliveryItem:
    """The master is handed over from where it is held."""
    master = delivery.version.master
    if master is None:
        raise RuntimeError(f"{delivery.version} has no master")
    return DeliveryItem(delivery=delivery, kind=ItemKind.MASTER, name=master_name(delivery.version),
                        storage_key=master.storage_key, is_holding=True, media_type=MEDIA_TYPES[".mkv"],
                        size_bytes=master.size_bytes, sha256=master.sha256, facts=facts)


def item_of_file(delivery: Delivery, kind: ItemKind, path: Path, facts: dict[str, Any] | None = None) -> DeliveryItem:
    with path.open("rb") as file:
        digest = hashlib.file_digest(file, "sha256").hexdigest()
    return DeliveryItem(delivery=delivery, kind=kind, name=path.name, storage_key=item_key(delivery, path.name),
                        media_type=MEDIA_TYPES[path.suffix], size_bytes=path.stat().st_size, sha256=digest,
                        facts=facts or {})


def item_key(delivery: Delivery, name: str) -> str:
    return f"deliveries/{delivery.pk}/{name}"


def item_name(delivery: Delivery, what: str) -> str:
    """"HR-2000-0417_v2_mezzanine.mov"."""
    return f"{file_stem(delivery.version)}_{what}"


def manifest_text(items: Sequence[DeliveryItem]) -> str:
    return "".join(f"{item.sha256}  {item.name}\n" for item in items)


def manifest_json(delivery: Delivery, items: Sequence[DeliveryItem]) -> str:
    return json.dumps({
        "delivery": str(delivery.pk), "asset": delivery.version.asset.accession_number,
        "version": delivery.version.number, "recipient": str(delivery.recipient),
        "terms_sha256": hashlib.sha256(delivery.terms.encode()).hexdigest(),
        "files": [{"name": item.name, "kind": item.kind, "media_type": item.media_type, "size_bytes": item.size_bytes,
                   "sha256": item.sha256, "facts": item.facts} for item in items]}, indent=2, ensure_ascii=False) + "\n"
