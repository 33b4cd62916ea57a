"""Whoever is not logged in comes no further than the door."""

from collections.abc import Callable
from typing import Any

from django.contrib.auth.middleware import LoginRequiredMiddleware
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponseRedirect


class DoorMiddleware(LoginRequiredMiddleware):
    """Pages lead to the login. A part of a page is refused: the login would be shown in its place, amid the page."""

    def handle_no_permission(self, request: HttpRequest, view_func: Callable[..., Any]) -> HttpResponseRedirect:
        if request.headers.get("HX-Request"):
            raise PermissionDenied
        return super().handle_no_permission(request, view_func)
