"""The PDF of a version's notes."""

import io
import logging

from django.utils import translation
from django.utils.translation import gettext as _
from PIL import Image

from archive.actions.bell import claimed
from archive.storage import derivative_path, holding_path
from archive.templatetags.patina import heading
from restoration.actions import prints
from restoration.actions.failing import explain
from restoration.engine.encoding.stills import still_of_master, still_of_source
from restoration.engine.errors import EngineError
from restoration.engine.facts import SourceFacts
from restoration.engine.settings import parse
from restoration.interchange import pdf
from restoration.jobs.pulse import Pulse, carry_out
from restoration.models import Version
from restoration.reel_time import ReelTime

LINES, QUALITY = 480, 90
# Beyond so many the notes go without pictures, so that the file can still be sent by mail.
MOST_PICTURES = 300

log = logging.getLogger(__name__)


def print_notes(pk: int, language: str) -> None:
    """Make it, unless it is there or another process is at it."""
    version = Version.objects.select_related("asset", "source", "master", "by", "analysis").get(pk=pk)
    key, _remarks = prints.current(version, language)
    with claimed(prints.bell_name(key)) as is_ours, translation.override(language):
        if is_ours and not derivative_path(key).exists():
            carry_out(lambda pulse: _make(version, language, pulse), beat=lambda pulse: True, interrupted=lambda: None,
                      failed=lambda error: prints.fail(key, explain(error, during=f"the notes of {version}")))


def _make(version: Version, language: str, pulse: Pulse) -> None:
    key, remarks = prints.current(version, language)
    left = MOST_PICTURES

    def pictures(frame: int) -> tuple[bytes | None, bytes | None]:
        nonlocal left
        left -= 1
        return (still(version, "a", frame), still(version, "b", frame)) if left >= 0 else (None, None)

    prints.keep(key, pdf.written(remarks, ReelTime.of(version), heading_of(version), pictures))


def heading_of(version: Version) -> pdf.Heading:
    titles = [title.value for title in heading(version.asset)]
    reel = ReelTime.of(version)
    facts = [(_("Accession number"), version.asset.accession_number), (_("Version"), str(version)),
             (_("Frames a second"), f"{float(reel.rate):.6g}"), (_("First timecode"), reel.label(0))]
    if version.master:
        facts.append(("SHA-256", version.master.sha256))
    return pdf.Heading([f"{titles[0]} {version}" if titles else str(version), *titles[1:]], facts)


def still(version: Version, side: str, frame: int) -> bytes | None:
    """One side of a frame as a JPEG; a file that cannot be read leaves its place empty."""
    try:
        png = _exact(version, side, frame)
    except EngineError as error:
        log.warning("No picture of frame %d of %s for its notes: %s", frame, version, error)
        return None
    written = io.BytesIO()
    Image.open(io.BytesIO(png)).save(written, "JPEG", quality=QUALITY)
    return written.getvalue()


def _exact(version: Version, side: str, frame: int) -> bytes:
    reel = version.pair_reel or {}
    width, height = reel["side_width"], reel["side_height"]
    lines = min(height, LINES)
    size = (max(1, round(width * lines / height)), lines)
    if side == "b" and version.master:
        return still_of_master(holding_path(version.master), frame, size=size)
    report = version.analysis.report or {}
    return still_of_source(holding_path(version.source), frame, facts=SourceFacts.model_validate(report["source"]),
                           settings=parse(version.settings), first_frame=int(reel.get("first_frame", 0)), size=size)
