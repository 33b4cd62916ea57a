"""What the review room looks at: the pair reel, and exact stills of both sides."""

import json
import logging
import subprocess
import sys
from pathlib import Path
from uuid import uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from archive.models import MediaFile
from archive.ranges import serve_file
from archive.storage import derivative_path, holding_path
from restoration.access import version_for
from restoration.models import Version

STILL_SECONDS = 60
KEPT_STILLS = 64

log = logging.getLogger(__name__)


def pair_reel(request: HttpRequest, pk: int) -> HttpResponseBase:
    version = version_for(request.user, pk)
    if not version.pair_reel_key:
        raise Http404
    return serve_file(request, derivative_path(version.pair_reel_key), media_type="video/mp4",
                      etag=version.pair_reel_sha256)


def still(request: HttpRequest, pk: int, frame: int) -> HttpResponseBase:
    """One frame of one side, lossless, decoded from the file itself and not from the reel. Kept for a while."""
    version = version_for(request.user, pk)
    side = request.GET.get("side", "b")
    if side not in ("a", "b") or version.master is None or frame >= int((version.pair_reel or {}).get("frames", 0)):
        raise Http404
    file = version.master if side == "b" else version.source
    path = derivative_path(f"stills/{version.pk}/{version.master.sha256[:16]}-{frame}-{side}.png")
    if not path.exists():
        refusal = _make(version, file, side, frame, path)
        if refusal:
            return HttpResponse(refusal, status=503, content_type="text/plain; charset=utf-8")
    return serve_file(request, path, media_type="image/png", etag=f"{version.master.sha256}-{frame}-{side}")


def _make(version: Version, file: MediaFile, side: str, frame: int, path: Path) -> str:
    """Have the still decoded in a process of its own. Returns the sentence that says why it could not be, or ""."""
    asked = {"side": side, "path": str(holding_path(file)), "frame": frame}
    if side == "a":
        asked |= {"facts": (version.analysis.report or {})["source"], "settings": version.settings,
                  "first_frame": (version.pair_reel or {}).get("first_frame", 0)}
    try:
        done = subprocess.run(
            [sys.executable, "-m", "restoration.engine.encoding.one_still"], input=json.dumps(asked).encode(),
            capture_output=True, timeout=STILL_SECONDS, cwd=settings.BASE_DIR, check=False)
    except subprocess.TimeoutExpired:
        log.error("The still of frame %d of version %d took more than %d s", frame, version.pk, STILL_SECONDS)
        return _("This still takes too long to decode. Use the pair reel.")
    if done.returncode == 2:
        return done.stderr.decode().strip()
    if done.returncode:
        log.error("The still of frame %d of version %d failed: %s", frame, version.pk, done.stderr.decode())
        return _("This still could not be made. Use the pair reel.")
    _keep(done.stdout, path)
    return ""


def _keep(png: bytes, path: Path) -> None:
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{uuid4().hex}.partial")
    partial.write_bytes(png)
    partial.rename(path)
    by_age = sorted(path.parent.glob("*.png"), key=lambda kept: kept.stat().st_mtime)
    for old in by_age[:-KEPT_STILLS]:
        old.unlink(missing_ok=True)
