import uuid
from dataclasses import asdict
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any

from archive.storage import holding_path, managed_path
from restoration.actions import adapting
from restoration.actions.failing import explain
from restoration.actions.weights import FOLDER, weights_path
from restoration.engine.facts import AnalysisReport
from restoration.jobs.pulse import Pulse, carry_out, worker_name
from restoration.jobs.restoring import refuse_changed_source

if TYPE_CHECKING:
    from restoration.engine.adapting import Adapted
    from restoration.models import Adaptation


def adapt(adaptation_pk: int) -> None:
    """Adapt the cleaner to a recording, and keep it where it is the better for it."""
    adaptation = adapting.claim(adaptation_pk, worker=worker_name())
    if adaptation is None:
        return
    about = adaptation.analysis.media_file
    carry_out(lambda pulse: _learn(adaptation, pulse), beat=lambda pulse: adapting.beat(adaptation, pulse.latest),
              interrupted=lambda: adapting.give_back(adaptation),
              failed=lambda error: adapting.fail(adaptation, explain(error, during=f"{adaptation}", about=about)))


def _learn(adaptation: "Adaptation", pulse: Pulse) -> None:
    from restoration.engine import adapting as engine

    source = adaptation.analysis.media_file
    refuse_changed_source(source, is_cancelled=pulse.is_cancelled)
    report = AnalysisReport.model_validate(adaptation.analysis.report)
    incoming = managed_path(f"{FOLDER}/{uuid.uuid4().hex}.incoming")
    incoming.parent.mkdir(parents=True, exist_ok=True)
    try:
        learnt = engine.adapt(holding_path(source), report, report.recommendation.settings, incoming,
                              report_progress=pulse.report, is_cancelled=pulse.is_cancelled)
        adapting.finish(adaptation, put_in_place=partial(_put, incoming, learnt.sha256), **_columns(learnt, incoming))
    finally:
        incoming.unlink(missing_ok=True)


def _put(written: Path, sha256: str | None) -> None:
    if sha256:
        written.rename(weights_path(sha256))


def _columns(learnt: "Adapted", written: Path) -> dict[str, Any]:
    return {"sha256": learnt.sha256 or "", "size_bytes": written.stat().st_size if learnt.sha256 else 0,
            "base_sha256": learnt.base, "scores": asdict(learnt.judgement), "lessons": learnt.lessons,
            "steps": learnt.steps}
