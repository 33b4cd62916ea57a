"""A pytest plugin that starts PostgreSQL and Redis before Django reads its settings.

Each test session has servers and folders of its own, so that sessions never meet each other or the demo; so has each
of several processes that share the tests of one session.
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
_OURS = "PATINA_TESTS_STARTED"
if "PYTEST_XDIST_WORKER" in os.environ:
    for name in os.environ.pop(_OURS, "").split():
        del os.environ[name]
# Registered before the servers, therefore run after they have stopped.
atexit.register(shutil.rmtree, os.environ["PATINA_VAR"], ignore_errors=True)
missing = [name for name in ("DATABASE_URL", "REDIS_URL") if not os.environ.get(name)]
embedded.start_missing_servers()
os.environ[_OURS] = " ".join(missing)
