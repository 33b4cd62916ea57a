"""`manage.py findorphans`: what lies in the holdings and derivatives and belongs to nothing."""

import sys
from datetime import timedelta
from typing import Any

from django.core.management import BaseCommand, CommandParser

from restoration.actions import orphans


class Command(BaseCommand):
    help = ("List bytes that no row keeps: left where a process was killed between placing them and committing. "
            "Nothing is changed without --clear.")

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--older-than", type=float, default=orphans.GRACE.total_seconds() / 3600, metavar="HOURS",
                            help="only what was left alone for so long (24); less is safe while nothing is taken in")
        parser.add_argument("--clear", action="store_true",
                            help="set holdings aside in their folder “unclaimed”, and remove what can be made again")

    def handle(self, *args: Any, older_than: float, clear: bool, **options: Any) -> None:
        found = orphans.find(timedelta(hours=older_than))
        for orphan in found:
            aside = orphans.clear(orphan) if clear else None
            done = f"set aside: {aside}" if aside else "removed" if clear else ""
            self.stdout.write(f"{orphan.path}  {orphan.size_bytes} bytes  {done}".rstrip())
        size = sum(orphan.size_bytes for orphan in found)
        self.stdout.write(f"{len(found)} files that no row keeps, {size} bytes.")
        if found and not clear:
            sys.exit(2)
