from django.contrib.auth.decorators import login_not_required
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
from django.utils.translation import gettext as _
from django.views.i18n import set_language

from archive.models import User
from archive.vocabularies import Role

FIRST_ROOM = {
    Role.ARCHIVIST: "catalogue",
    Role.ADMINISTRATOR: "catalogue",
    Role.RESTORER: "restoration-home",
    Role.REVIEWER: "review-inbox",
    Role.RIGHTS_HOLDER: "deliveries",
}


def home(request: HttpRequest) -> HttpResponse:
    """Each person begins where their work is."""
    user = request.user
    role = user.role if isinstance(user, User) else Role.ARCHIVIST
    if role not in FIRST_ROOM:
        raise PermissionDenied(_("You have no role yet. Ask an administrator of the archive to give you one."))
    return redirect(FIRST_ROOM[Role(role)])


choose_language = login_not_required(set_language)
