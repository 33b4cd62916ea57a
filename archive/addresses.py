"""Where a request comes from, as far as that can be known."""

from ipaddress import IPv4Address, IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest


def address_of(request: HttpRequest) -> str | None:
    """The visitor's address; None where only the address of a proxy is known.

    What X-Forwarded-For says counts as far as the proxies named in TRUSTED_PROXIES wrote it: each adds at the end whom
    it heard from. A proxy on this machine that is not named there is still a proxy.
    """
    nearest = _parsed(request.META.get("REMOTE_ADDR", ""))
    if nearest is None or not _is_trusted(nearest):
        return None if nearest is None or nearest.is_loopback else str(nearest)
    for heard in reversed(request.headers.get("X-Forwarded-For", "").split(",")):
        address = _parsed(heard.strip())
        if address is None or not _is_trusted(address):
            return str(address) if address else None
    return None


def _parsed(text: str) -> IPv4Address | IPv6Address | None:
    try:
        return ip_address(text)
    except ValueError:
        return None


def _is_trusted(address: IPv4Address | IPv6Address) -> bool:
    return any(address in ip_network(network) for network in settings.TRUSTED_PROXIES)
