"""A file that somebody brought as weights is looked into."""

from django.conf import settings as site

from archive.storage import managed_path
from restoration.actions import inspections
from restoration.actions.failing import explain
from restoration.engine.networks.brought import inspect
from restoration.jobs.pulse import Pulse, carry_out, worker_name


def inspect_weights(pk: int) -> None:
    """Register it, or say why not."""
    inspection = inspections.claim(pk, worker=worker_name())
    if inspection is None:
        return

    def work(pulse: Pulse) -> None:
        facts = inspect(managed_path(inspection.incoming), name=inspection.file_name, seconds=site.PROBE_SECONDS,
                        memory_bytes=site.PROBE_MEMORY_BYTES, is_cancelled=pulse.is_cancelled)
        inspections.finish(inspection, facts)

    carry_out(work, beat=lambda pulse: inspections.beat(inspection),
              interrupted=lambda: inspections.give_back(inspection),
              failed=lambda error: inspections.fail(inspection, explain(error, during=f"{inspection}")))
