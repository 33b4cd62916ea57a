from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect
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
    return redirect(FIRST_ROOM[Role(role)])


choose_language = login_not_required(set_language)
