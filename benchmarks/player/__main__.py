"""Runs the measurement within the tests' own site, database and browser."""

import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    sys.exit(pytest.main([str(Path(__file__).with_name("playing.py")), "-s", "-q", "-p", "no:cacheprovider"]))
