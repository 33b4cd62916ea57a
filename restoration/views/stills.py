"""Exact stills, decoded in a process of their own: the web server never decodes video. Kept for a while."""

import contextlib
import json
import logging
import subprocess
import sys
from pathlib import Path
from typing import Any
from uuid import uuid4

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse
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
    if path.exists():
        with contextlib.suppress(Http404):  # Let go since it was looked for.
            return serve_file(request, path, media_type="image/png", etag=etag)
    made = _make(asked, path.name, maker)
    if isinstance(made, str):
        return HttpResponse(made, status=503, content_type="text/plain; charset=utf-8")
    try:
        _keep(made, path)
    except OSError:
        log.exception("The still %s cannot be kept", path.name)
    return HttpResponse(made, content_type="image/png",
                        headers={"ETag": f'"{etag}"', "Cache-Control": "private, no-cache"})


def _make(asked: dict[str, Any], name: str, maker: str) -> bytes | str:
    """The picture as PNG, or the sentence that says why it could not be made."""
    try:
        done = subprocess.run(  # noqa: S603 (one of two programs of our own)
            [sys.executable, "-m", maker], input=json.dumps(asked).encode(), capture_output=True,
            timeout=STILL_SECONDS, cwd=settings.BASE_DIR, check=False)
    except subprocess.TimeoutExpired:
        log.error("The still %s took more than %d s", name, STILL_SECONDS)
        return _("This still takes too long to decode. Use the pair reel.")
    if done.returncode == 2:
        sentence = json.loads(done.stderr.decode().splitlines()[-1])
        return said(sentence["text"], sentence["values"])
    if done.returncode:
        log.error("The still %s failed: %s", name, done.stderr.decode())
        return _("This still could not be made. Use the pair reel.")
    return done.stdout


def _keep(png: bytes, path: Path) -> None:
    """Others keep and let go at the same time: what is gone already is no matter."""
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{uuid4().hex}.partial")
    try:
        partial.write_bytes(png)
        partial.rename(path)
    finally:
        partial.unlink(missing_ok=True)
    ages = []
    for kept in path.parent.glob("*.png"):
        with contextlib.suppress(FileNotFoundError):
            ages.append((kept.stat().st_mtime, kept))
    for _age, old in sorted(ages)[:-KEPT_STILLS]:
        old.unlink(missing_ok=True)
