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

SOFTWARE = "manage.py checkfixity"

logger = logging.getLogger(__name__)


class Command(BaseCommand):
    help = "Check that the bytes we hold are unchanged, those first that were never or longest ago checked."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, metavar="FILES", help="no more than so many this time")

    def handle(self, *args: Any, **options: Any) -> None:
        checked = failed = 0
        waiting = MediaFile.objects.select_related("instantiation__asset").annotate(last=Max("fixity_checks__at"))
        for media_file in waiting.order_by(F("last").asc(nulls_first=True), "pk")[:options["limit"]]:
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
        self.stdout.write(f"{checked} checked, {failed} failed.")
        if failed:
            sys.exit(2)
