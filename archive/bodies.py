"""How much a request may bring, asked before anything reads it.

Whoever looks for the token of a form first writes the files that came with it to the disk, and nobody has asked yet
who sent them.
"""

from collections.abc import Callable
from typing import TypeVar

from django.contrib.auth import get_user
from django.http import HttpRequest, HttpResponse
from django.template.defaultfilters import filesizeformat
from django.urls import Resolver404, resolve
from django.utils.translation import gettext as _

from archive.models import User
from archive.vocabularies import Role

LARGEST_BODY_BYTES = 4 * 1024**2
View = TypeVar("View", bound=Callable[..., HttpResponse])


def takes_files(roles: set[Role], *, at_most: int | None = None) -> Callable[[View], View]:
    """Mark a view as a place where files come in: from whom, and how many bytes at most."""
    def marked(view: View) -> View:
        view.takes_files = roles, at_most  # type: ignore[attr-defined]
        return view

    return marked


def refuse_large_bodies(get_response: Callable[[HttpRequest], HttpResponse]) -> Callable[[HttpRequest], HttpResponse]:
    """Middleware, to stand before the one that looks for the token: more than a form holds is for the people and the
    addresses that `takes_files` names."""

    def answer(request: HttpRequest) -> HttpResponse:
        length = request.META.get("CONTENT_LENGTH") or "0"
        if length.isdecimal() and int(length) > LARGEST_BODY_BYTES and not _may_send(request, int(length)):
            return HttpResponse(
                _("No form here holds more than %(size)s. To bring in a file, log in and use the page for it.")
                % {"size": filesizeformat(LARGEST_BODY_BYTES)}, status=413, content_type="text/plain; charset=utf-8")
        return get_response(request)

    return answer


def _may_send(request: HttpRequest, size: int) -> bool:
    try:
        view = resolve(request.path_info).func
    except Resolver404:
        return False
    roles, at_most = getattr(view, "takes_files", (set(), None))
    user = get_user(request) if roles and (at_most is None or size <= at_most) else None
    return isinstance(user, User) and user.role in roles
