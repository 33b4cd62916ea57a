#!/usr/bin/env python
"""Patina's command line."""

import os
import sys

from archive import embedded


def main() -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "archive.settings")
    embedded.choose_var(sys.argv)
    if embedded.wanted_by(sys.argv):
        try:
            embedded.start_missing_servers()
        except embedded.EmbeddedServerError as error:
            sys.exit(str(error))
    from django.core.management import execute_from_command_line

    execute_from_command_line(sys.argv)


if __name__ == "__main__":
    main()
