"""`manage.py checkdecisions`: is every decision still what it was when it was made?"""

import sys
from typing import Any

from django.core.management import BaseCommand

from restoration.actions import decision_chain


class Command(BaseCommand):
    help = "Follow the chain of all decisions, and name every one that was changed, taken away or slipped in."

    def handle(self, *args: Any, **options: Any) -> None:
        checked = decision_chain.check()
        for fault in checked.faults:
            self.stderr.write(fault.text.format(**fault.values))
        if checked.faults:
            sys.exit(1)
        self.stdout.write(f"{checked.length} decisions, unchanged. The last one: {checked.head or 'none'}")
