"""The technical facts of a file, read in a process of its own with limits on time and memory.

What is damaged on purpose may take a decoder down; then it takes this process, not the site. The child
(`python -m archive.probe`) imports neither Django nor torch.
"""

from archive.probe.facts import ProbeError, ProbeResult, Remark, TrackFacts, UnreadError
from archive.probe.run import probe

__all__ = ["ProbeError", "ProbeResult", "Remark", "TrackFacts", "UnreadError", "probe"]
