"""How much a request may bring, asked before anything reads it.

Whoever looks for the token of a form first writes the files that came with it to the disk, and nobody has asked yet
who sent them.
"""

from collections.abc import Callable

from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from archive.access import can_catalogue

LARGEST_BODY_BYTES = 4 * 1024**2
WHERE_FILES_COME_IN = {"upload", "upload-piece"}


def refuse_large_bodies(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, to stand before the one that looks for the token: more than a form holds is for cataloguers, and for
    the addresses where files come in."""

    def answer(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > LARGEST_BODY_BYTES and not _may_send_files(request):
            return HttpResponse(
                _("No form here holds more than %(size)s. To bring in a file, log in and use the page for it.")
                % {"size": filesizeformat(LARGEST_BODY_BYTES)}, status=413, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return answer


def _may_send_files(request: HttpRequest) -> bool:
    try:
        name = resolve(request.path_info).url_name
    except Resolver404:
        return False
    return name in WHERE_FILES_COME_IN and can_catalogue(get_user(request))
