from typing import TYPE_CHECKING

from archive.models import MediaFile
from archive.storage import holding_path
from restoration.actions import analyses
from restoration.actions.failing import explain
from restoration.jobs.pulse import Pulse, carry_out, worker_name

if TYPE_CHECKING:
    from restoration.engine.facts import AnalysisReport


def analyse(analysis_pk: int) -> None:
    """Scan a media file and keep the engine's report."""
    analysis = analyses.claim(analysis_pk, worker=worker_name())
    if analysis is None:
        return

    def work(pulse: Pulse) -> None:
        from restoration.engine import pipeline

        report = pipeline.analyse(holding_path(analysis.media_file), report=pulse.report,
                                  is_cancelled=pulse.is_cancelled)
        analyses.finish(analysis, _by_its_own_name(report, analysis.media_file))

    carry_out(work, beat=lambda pulse: analyses.beat(analysis, pulse.latest),
              interrupted=lambda: analyses.give_back(analysis),
              failed=lambda error: analyses.fail(analysis, explain(error, during=f"analysis {analysis.pk}",
                                                                   about=analysis.media_file)))


def _by_its_own_name(report: "AnalysisReport", file: MediaFile) -> "AnalysisReport":
    """The engine knows a file by the key it is stored under; people know it by the name it came with."""
    return report.model_copy(update={"source": report.source.model_copy(update={"name": file.name})})
