"""Runs the measurement within the tests' own site, database and browser."""

import argparse
import sys
from pathlib import Path

import pytest

if __name__ == "__main__":
    argparse.ArgumentParser(prog="python -m benchmarks.player", description=__doc__).parse_args()
    sys.exit(pytest.main([str(Path(__file__).with_name("playing.py")), "-s", "-q", "-p", "no:cacheprovider"]))
