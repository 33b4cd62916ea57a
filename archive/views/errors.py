import logging
import secrets

from django.http import HttpRequest, HttpResponse
from django.template.loader import render_to_string

log = logging.getLogger(__name__)


def server_error(request: HttpRequest) -> HttpResponse:
    """Our fault: logged with a reference, and the person is shown the reference."""
    reference = secrets.token_hex(4)
    log.error("Reference %s: %s %s", reference, request.method, request.path, exc_info=True)
    return HttpResponse(render_to_string("500.html", {"reference": reference}), status=500)
