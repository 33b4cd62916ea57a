import logging
import secrets

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.template.loader import render_to_string
from django.utils.translation import gettext as _

log = logging.getLogger(__name__)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault: logged with a reference that the person is shown; a script gets it in words it can show."""
    reference = secrets.token_hex(4)
    log.error("Reference %s: %s %s", reference, request.method, request.path, exc_info=True)
    if request.headers.get("Accept") == "application/json" or request.headers.get("HX-Request"):
        return JsonResponse({"reference": reference, "error": _(
            "Something broke on our side, and it is written down. Tell an administrator this reference: {reference}."
        ).format(reference=reference)}, status=500)
    return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)
