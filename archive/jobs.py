"""What runs in a worker. The row is the truth: a job may be run twice, or for a row that is gone."""

import errno
import logging
from fractions import Fraction

import av

from archive.actions import bell, fixity, waiting
from archive.actions import previews as outcome
from archive.models import MediaFile
from archive.previews import PreviewError
from archive.previews import make_previews as make
from archive.storage import derivative_path, holding_path, preview_key

SOFTWARE = f"PyAV {av.__version__}"

logger = logging.getLogger(__name__)


def make_previews(pk: str) -> None:
    """Poster, filmstrip, waveform and proxy of one media file."""
    with bell.claimed(waiting.previews_name(pk)) as is_ours:
        media_file = outcome.begin(pk) if is_ours else None
        if media_file is not None:
            _make_previews(media_file)


def check_fixity(pk: str) -> None:
    """Read one media file again and compare, as somebody asked."""
    with bell.claimed(waiting.fixity_check_name(pk)) as is_ours:
        if is_ours:
            fixity.answer(pk)


def _make_previews(media_file: MediaFile) -> None:
    folder = derivative_path(preview_key(media_file, "poster.jpg")).parent
    duration = Fraction(media_file.duration_seconds) if media_file.duration_seconds else None
    try:
        facts = make(holding_path(media_file), folder, duration=duration)
    except (PreviewError, FileNotFoundError) as error:
        missing = isinstance(error, FileNotFoundError)
        outcome.previews_failed(media_file, outcome.FILE_MISSING if missing else outcome.NOTHING_DECODES,
                                software=SOFTWARE)
    except Exception as error:
        is_full = isinstance(error, OSError) and error.errno in (errno.ENOSPC, errno.EDQUOT, errno.EFBIG)
        outcome.previews_failed(media_file, outcome.DISK_FULL if is_full else outcome.OUR_FAULT, software=SOFTWARE)
        logger.exception("The previews of %s could not be made.", media_file.pk)
        raise
    else:
        outcome.previews_made(media_file, facts, software=SOFTWARE)
