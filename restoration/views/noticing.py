"""A person's own notices."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_POST

from archive.access import STAFF, require_role
from restoration.actions import notices
from restoration.models import Notice

SHOWN = 100


def index(request: HttpRequest) -> HttpResponse:
    user = require_role(request.user, STAFF)
    told = list(Notice.objects.filter(user=user)[:SHOWN])
    return render(request, "restoration/notices.html", {
        "fresh": [notice for notice in told if notice.read_at is None],
        "read": [notice for notice in told if notice.read_at]})


def follow(request: HttpRequest, pk: int) -> HttpResponse:
    """To what a notice is about; it is read by that."""
    user = require_role(request.user, STAFF)
    notice = get_object_or_404(Notice, pk=pk, user=user)
    notices.mark_read(user, notice.pk)
    is_ours = notice.about.startswith("/") and url_has_allowed_host_and_scheme(notice.about, allowed_hosts=None)
    return redirect(notice.about if is_ours else "notices")


@require_POST
def read(request: HttpRequest) -> HttpResponse:
    notices.mark_read(require_role(request.user, STAFF))
    return redirect("notices")
