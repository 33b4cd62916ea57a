"""Exact stills, decoded in a process of their own: the web server never decodes video. Kept for a while."""

import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from archive.ranges import serve_file
from archive.storage import derivative_path
from archive.templatetags.patina import said

STILL_SECONDS = 60
KEPT_STILLS = 64
STILL, MASK = "restoration.engine.encoding.one_still", "restoration.engine.analysis.one_mask"

log = logging.getLogger(__name__)


def serve(request: HttpRequest, asked: dict[str, Any], key: str, *, etag: str, maker: str = STILL) -> HttpResponseBase:
    """The picture that the program `maker` makes of `asked`, kept under the derivative key `key`."""
    path = derivative_path(key)
    if not path.exists():
        refusal = _make(asked, path, maker)
        if refusal:
            return HttpResponse(refusal, status=503, content_type="text/plain; charset=utf-8")
    return serve_file(request, path, media_type="image/png", etag=etag)


def _make(asked: dict[str, Any], path: Path, maker: str) -> str:
    """Returns the sentence that says why the still could not be made, or ""."""
    try:
        done = subprocess.run(  # noqa: S603 (one of two programs of our own)
            [sys.executable, "-m", maker], input=json.dumps(asked).encode(), capture_output=True,
            timeout=STILL_SECONDS, cwd=settings.BASE_DIR, check=False)
    except subprocess.TimeoutExpired:
        log.error("The still %s took more than %d s", path.name, STILL_SECONDS)
        return _("This still takes too long to decode. Use the pair reel.")
    if done.returncode == 2:
        sentence = json.loads(done.stderr.decode().splitlines()[-1])
        return said(sentence["text"], sentence["values"])
    if done.returncode:
        log.error("The still %s failed: %s", path.name, done.stderr.decode())
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
