"""A pytest plugin that starts PostgreSQL and Redis before Django reads its settings.

Each test session has servers and folders of its own, so that sessions never meet each other or the demo.
"""

import atexit
import os
import shutil
import tempfile

from archive import embedded

os.environ.setdefault("LOG_LEVEL", "WARNING")
# Two threads of torch that wait for each other on a busy machine otherwise burn the time they wait for.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
os.environ["PATINA_VAR"] = tempfile.mkdtemp(prefix="patina-test-")
# Registered before the servers, therefore run after they have stopped.
atexit.register(shutil.rmtree, os.environ["PATINA_VAR"], ignore_errors=True)
embedded.start_missing_servers()
