"""Bytes over HTTP with Range (RFC 9110, section 14), for players that seek and downloads that resume.

The view has already passed its gate. Where `X_ACCEL_PREFIX` names nginx's internal location, nginx sends the bytes,
unless somebody wants to know how many were sent: nginx would not say.
"""

import logging
import re
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import BinaryIO
from urllib.parse import quote

from django.conf import settings
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseNotAllowed, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.utils.cache import get_conditional_response
from django.utils.http import content_disposition_header

BLOCK_BYTES = 1024 * 1024
LARGEST_POSITION = 10**18
ONE_RANGE = re.compile(r"bytes=[ \t]*(?:([0-9]+)-([0-9]*)|-([0-9]+))[ \t]*", re.IGNORECASE)
OnBegin = Callable[[int, int], None]
OnSent = Callable[[int, int, int], None]

logger = logging.getLogger(__name__)


class UnsatisfiableRangeError(ValueError):
    """A well-formed range of which the file holds nothing."""


def serve_file(
    request: HttpRequest,
    path: Path,
    *,
    media_type: str,
    etag: str,
    filename: str | None = None,
    on_begin: OnBegin | None = None,
    on_sent: OnSent | None = None,
    inline: bool = True,
) -> HttpResponseBase:
    """The whole file (200), one range of it (206), or the word that there is no such range (416).

    etag: the bytes' own digest, unquoted. on_begin(first, last): called before the first byte. on_sent(first, last,
    sent): called when the response closes, also when the client went away; `sent` bytes left this process, counted from
    `first`.
    """
    if request.method not in ("GET", "HEAD"):
        return HttpResponseNotAllowed(["GET", "HEAD"])
    quoted_etag = f'"{etag}"'
    unchanged = get_conditional_response(request, etag=quoted_etag, response=None)
    response = unchanged or _answer(request, path, quoted_etag, on_begin, on_sent)
    response["ETag"] = quoted_etag
    response["Cache-Control"] = "private, no-cache"
    if unchanged is not None or response.status_code == 416:
        return response
    response["Content-Type"] = media_type
    disposition = content_disposition_header(not inline, _one_line(filename or ""))
    if disposition:
        response["Content-Disposition"] = disposition
    return response


def requested_range(header: str, size: int) -> tuple[int, int] | None:
    """First and last position of the one range asked for, or None where the header is to be ignored.

    Ignored are other units, several ranges and what is not well formed. Raises UnsatisfiableRangeError.
    """
    match = ONE_RANGE.fullmatch(header.strip())
    if match is None:
        return None
    if match[3]:
        return _last_bytes(_position(match[3]), size)
    first, last = _position(match[1]), _position(match[2]) if match[2] else LARGEST_POSITION
    if last < first:
        return None
    if first >= size:
        raise UnsatisfiableRangeError(header)
    return first, min(last, size - 1)


def _last_bytes(count: int, size: int) -> tuple[int, int] | None:
    if count == 0:
        raise UnsatisfiableRangeError("-0")
    return (max(size - count, 0), size - 1) if size else None


def _position(digits: str) -> int:
    """Python refuses to read numbers of thousands of digits; no file is that long."""
    significant = digits.lstrip("0")
    return LARGEST_POSITION if len(significant) > 18 else int(significant or "0")


def _answer(request: HttpRequest, path: Path, quoted_etag: str, on_begin: OnBegin | None,
            on_sent: OnSent | None) -> HttpResponseBase:
    try:
        size = path.stat().st_size
        redirect = None if on_sent else _redirect_to_nginx(path)
        if redirect is not None:
            return redirect
        wanted = _wanted(request, quoted_etag, size)
    except FileNotFoundError:
        logger.error("A file that should be served is missing: %s", path)
        raise Http404 from None
    except UnsatisfiableRangeError:
        return HttpResponse(status=416, headers={"Content-Range": f"bytes */{size}", "Accept-Ranges": "bytes"})
    first, last = wanted or (0, size - 1)
    headers = {"Accept-Ranges": "bytes", "Content-Length": str(last - first + 1)}
    if wanted:
        headers["Content-Range"] = f"bytes {first}-{last}/{size}"
    if request.method == "HEAD":
        return HttpResponse(headers=headers)
    if on_begin is not None:
        on_begin(first, last)
    return StreamingHttpResponse(FileBlocks(path.open("rb"), first, last, on_sent),
                                 status=206 if wanted else 200, headers=headers)


def _wanted(request: HttpRequest, quoted_etag: str, size: int) -> tuple[int, int] | None:
    header = request.headers.get("Range")
    if header is None or request.method != "GET":
        return None
    condition = request.headers.get("If-Range")
    if condition is not None and condition.strip() != quoted_etag:
        return None
    return requested_range(header, size)


def _redirect_to_nginx(path: Path) -> HttpResponse | None:
    """What lies in our own folders, nginx can send; a file kept where it lies is outside its reach."""
    prefix = settings.X_ACCEL_PREFIX
    if not prefix:
        return None
    for name, root in (("holdings", settings.HOLDINGS_DIR), ("derivatives", settings.DERIVATIVES_DIR)):
        if path.resolve().is_relative_to(Path(root).resolve()):
            key = path.resolve().relative_to(Path(root).resolve()).as_posix()
            return HttpResponse(headers={"X-Accel-Redirect": f"{prefix.rstrip('/')}/{name}/{quote(key)}"})
    return None


def _one_line(filename: str) -> str:
    return re.sub(r"[\x00-\x1f\x7f/\\]", "_", filename)


class FileBlocks:
    """The bytes from `first` to `last` of an open file, in blocks; closing it says how many were given out."""

    def __init__(self, file: BinaryIO, first: int, last: int, on_sent: OnSent | None) -> None:
        self.file = file
        self.first = first
        self.last = last
        self.sent = 0
        self._on_sent = on_sent
        self.file.seek(first)

    def __iter__(self) -> Iterator[bytes]:
        length = self.last - self.first + 1
        while self.sent < length:
            block = self.file.read(min(BLOCK_BYTES, length - self.sent))
            if not block:
                logger.error("%s ended %d bytes early", self.file.name, length - self.sent)
                return
            self.sent += len(block)
            yield block

    def close(self) -> None:
        self.file.close()
        report, self._on_sent = self._on_sent, None
        if report is not None:
            report(self.first, self.last, self.sent)
