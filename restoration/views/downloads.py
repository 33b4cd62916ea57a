from pathlib import Path

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils.translation import gettext as _

from archive.access import require_role
from archive.addresses import address_of
from archive.models import User
from archive.ranges import serve_file
from archive.storage import derivative_path, holding_path
from archive.vocabularies import Role
from restoration.access import DELIVERERS, delivery_item_for
from restoration.actions import deliveries
from restoration.models import DeliveryItem, Download


def download(request: HttpRequest, pk: int) -> HttpResponseBase:
    """One file of a package, whole or a range of it; whatever leaves is written down against who asked."""
    item = delivery_item_for(request.user, pk)
    user = require_role(request.user, {*DELIVERERS, Role.RIGHTS_HOLDER})
    if user.role == Role.RIGHTS_HOLDER and not deliveries.may_download(item.delivery, user):
        raise PermissionDenied(_("Accept the terms of this delivery first."))
    retrieval = _Retrieval(item, user, address_of(request))
    return serve_file(request, _path(item), media_type=item.media_type, etag=item.sha256, filename=item.name,
                      inline=False, on_begin=retrieval.begin, on_sent=retrieval.end)


class _Retrieval:
    """Written down before its first byte leaves, so that a web server that dies loses no record of it."""

    def __init__(self, item: DeliveryItem, by: User, address: str | None) -> None:
        self.item, self.by, self.address = item, by, address
        self.download: Download | None = None

    def begin(self, first: int, last: int) -> None:
        self.download = deliveries.record_download(self.item, by=self.by, first=first, last=last, address=self.address)

    def end(self, first: int, last: int, sent: int) -> None:
        if self.download is not None:
            deliveries.finish_download(self.download, sent=sent)


def _path(item: DeliveryItem) -> Path:
    master = item.delivery.version.master
    if item.is_holding and master is not None:
        return holding_path(master)
    return derivative_path(item.storage_key)
