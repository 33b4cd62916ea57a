"""Take files and folders into custody."""

import logging
import secrets
import sys
from argparse import ArgumentParser
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from django.core.exceptions import PermissionDenied, ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.http import Http404
from rich.progress import BarColumn, DownloadColumn, Progress, TextColumn, TimeRemainingColumn

from archive.actions.catalogue import create_collection
from archive.actions.custody import display_name
from archive.actions.ingest import ingest
from archive.errors import RefusedError
from archive.models import Asset, Collection, MediaFile, User
from archive.vocabularies import AssetKind, Custody

SOFTWARE = "manage.py ingest"
SHOW_PROGRESS_FROM_BYTES = 100 * 1024**2

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Take recordings into custody: files, and folders with all they hold."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("paths", nargs="+", type=Path, metavar="PATH")
        parser.add_argument("--in-place", action="store_true", help="leave the bytes where they lie")
        parser.add_argument("--collection", default="Unsorted", metavar="NAME", help="made if there is none")
        parser.add_argument("--kind", choices=AssetKind.values, default=AssetKind.PROGRAMME.value)
        parser.add_argument("--by", metavar="USERNAME", help="on whose behalf")
        parser.add_argument("--asset", metavar="ACCESSION", help="all files are recordings of this asset")

    def handle(self, *args: Any, **options: Any) -> None:
        by = _user(options["by"])
        asset = _asset(options["asset"])
        try:
            collection = asset.collection if asset else _collection(options["collection"], by)
        except (Http404, PermissionDenied):
            raise CommandError(f"{options['by']} may not take recordings in.", returncode=2) from None
        taken = refused = failed = 0
        for path in _files(options["paths"]):
            try:
                media_file = self._ingest(path, by=by, asset=asset, collection=collection, kind=options["kind"],
                                          custody=Custody.IN_PLACE if options["in_place"] else Custody.MANAGED)
            except (RefusedError, ValidationError) as error:
                refused += 1
                self.stderr.write(" ".join(error.messages) if isinstance(error, ValidationError) else str(error))
                continue
            except Exception:
                failed += 1
                reference = secrets.token_hex(4)
                logger.exception("Reference %s: taking in %s failed", reference, path)
                self.stderr.write(f"“{_named(path)}”: something went wrong on our side. Reference: {reference}.")
                continue
            taken += 1
            number = media_file.instantiation.asset.accession_number
            self.stdout.write(f"{number}  {media_file.sha256}  {media_file.name}")
            for remark in media_file.remarks:
                self.stdout.write(f"    {remark['text'].format(**remark['values'])}")
        self.stdout.write(f"{taken} taken in, {refused} refused" + (f", {failed} failed." if failed else "."))
        if failed or refused:
            sys.exit(1 if failed else 2)

    def _ingest(self, path: Path, **what: Any) -> MediaFile:
        size = path.stat().st_size if path.is_file() else 0
        columns = (TextColumn("{task.description}"), BarColumn(), DownloadColumn(), TimeRemainingColumn())
        with Progress(*columns, transient=True, disable=size < SHOW_PROGRESS_FROM_BYTES) as progress:
            task = progress.add_task(_named(path), total=size)
            return ingest(path, software=SOFTWARE, report=lambda done, _total: progress.update(task, completed=done),
                          **what)


def _named(path: Path) -> str:
    return display_name(path.name.encode("utf-8", "surrogateescape"))


def _files(paths: list[Path]) -> Iterator[Path]:
    for path in paths:
        if path.is_dir():
            yield from sorted(below for below in path.rglob("*") if below.is_file() and not below.name.startswith("."))
        else:
            yield path


def _user(username: str | None) -> User | None:
    if username is None:
        return None
    user = User.objects.filter(username=username).first()
    if user is None:
        raise CommandError(f"There is no user “{username}”.", returncode=2)
    return user


def _asset(accession_number: str | None) -> Asset | None:
    if accession_number is None:
        return None
    asset = Asset.objects.select_related("collection").filter(accession_number=accession_number).first()
    if asset is None:
        raise CommandError(f"There is no asset “{accession_number}”.", returncode=2)
    return asset


def _collection(name: str, by: User | None) -> Collection:
    return Collection.objects.filter(name=name).order_by("pk").first() or create_collection(by=by, name=name)
