"""Read everything we hold again, and say what has changed."""

import logging
import sys
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand
from django.db import DatabaseError
from django.db.models import F, Max

from archive.actions import fixity
from archive.models import MediaFile
from archive.vocabularies import Outcome
from restoration.actions.fixity import check_weights

SOFTWARE = "manage.py checkfixity"

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = ("Check that the bytes we hold are unchanged: media files, those first that were never or longest ago "
            "checked, then all weights that were registered or learnt here.")

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, metavar="FILES", help="no more than so many media files this time")

    def handle(self, *args: Any, **options: Any) -> None:
        checked, failed = map(sum, zip(self._media_files(options["limit"]), self._weights(), strict=True))
        self.stdout.write(f"{checked} checked, {failed} failed.")
        if failed:
            sys.exit(2)

    def _media_files(self, limit: int | None) -> tuple[int, int]:
        """How many could be checked, and of how many that failed or the outcome was bad."""
        checked = failed = 0
        waiting = MediaFile.objects.select_related("instantiation__asset").annotate(last=Max("fixity_checks__at"))
        for media_file in waiting.order_by(F("last").asc(nulls_first=True), "pk")[:limit]:
            try:
                result = fixity.check(media_file, by=None, software=SOFTWARE)
            except (DatabaseError, OSError):
                logger.exception("The fixity of %s could not be checked.", media_file.pk)
                self.stderr.write(f"{media_file.name} ({media_file.pk}): the check itself failed; the log tells why.")
                failed += 1
                continue
            checked += 1
            if result.outcome == Outcome.FAILURE:
                failed += 1
                self.stderr.write(f"{media_file.name} ({media_file.pk}): {result.detail}")
        return checked, failed

    def _weights(self) -> tuple[int, int]:
        found = list(check_weights(by=None, software=SOFTWARE))
        bad = [each for each in found if not each.is_unchanged]
        for each in bad:
            self.stderr.write(f"{each.name} (SHA-256 {each.sha256}): {each.state}")
        return len(found), len(bad)
