"""What the review room looks at: the pair reel, and exact stills of both sides."""

from typing import Any

from django.http import Http404, HttpRequest
from django.http.response import HttpResponseBase

from archive.ranges import serve_file
from archive.storage import derivative_path, holding_path
from archive.templatetags.technical import picture_of
from restoration.access import version_for
from restoration.models import Version
from restoration.views import stills

# A still that accompanies a page has no more lines than this: a lossless picture of 2160 lines weighs 20 MB.
SMALL_LINES = 720
# One of many, on a sheet of all shots.
SHEET_LINES = 360


def pair_reel(request: HttpRequest, pk: int) -> HttpResponseBase:
    version = version_for(request.user, pk)
    if not version.pair_reel_key:
        raise Http404
    return serve_file(request, derivative_path(version.pair_reel_key), media_type="video/mp4",
                      etag=version.pair_reel_sha256)


def still(request: HttpRequest, pk: int, frame: int) -> HttpResponseBase:
    """One frame of one side, lossless, decoded from the file itself and not from the reel, at the master's raster; with
    ?small or ?sheet, scaled to go beside words or others. Kept for a while."""
    version = version_for(request.user, pk)
    side = request.GET.get("side", "b")
    if side not in ("a", "b") or version.master is None or frame >= int((version.pair_reel or {}).get("frames", 0)):
        raise Http404
    file = version.master if side == "b" else version.source
    lines = SHEET_LINES if "sheet" in request.GET else SMALL_LINES if "small" in request.GET else None
    size = small_raster_of(version, lines) if lines else raster_of(version)
    asked: dict[str, Any] = {"side": side, "path": str(holding_path(file)), "frame": frame, "size": size}
    if side == "a":
        asked |= {"facts": (version.analysis.report or {})["source"], "settings": version.settings,
                  "first_frame": (version.pair_reel or {}).get("first_frame", 0)}
    name = f"{frame}-{side}-{size[1]}" if lines else f"{frame}-{side}"
    return stills.serve(request, asked, f"stills/{version.pk}/{version.master.sha256[:16]}-{name}.png",
                        etag=f"{version.master.sha256}-{name}")


def raster_of(version: Version) -> tuple[int, int]:
    """The master's width and height in square pixels. Both stills have it, so that they lie on each other."""
    picture = picture_of(version.master) if version.master else None
    reel = version.pair_reel or {}
    if not picture or not picture.width or not picture.height:
        return reel["side_width"], reel["side_height"]
    width, height = (int(part) for part in (picture.pixel_aspect or "1:1").split(":"))
    return round(picture.width * width / height), picture.height


def small_raster_of(version: Version, most_lines: int = SMALL_LINES) -> tuple[int, int]:
    """The same shape with at most so many lines."""
    width, height = raster_of(version)
    lines = min(height, most_lines)
    return max(1, round(width * lines / height)), lines
