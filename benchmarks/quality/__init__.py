"""Every repair against known damage, beside the best open filters."""

import os

# Before torch is loaded, as the engine's own command does.
os.environ.setdefault("OMP_WAIT_POLICY", "passive")
