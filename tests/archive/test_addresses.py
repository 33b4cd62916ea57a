"""Whose address is written down: the truth, or none."""

from typing import Any

import pytest
from django.test import RequestFactory

from archive.addresses import address_of


@pytest.mark.parametrize(("trusted", "remote", "forwarded", "address"), [
    ("", "192.0.2.7", "", "192.0.2.7"),
    ("", "192.0.2.7", "198.51.100.1", "192.0.2.7"),
    ("", "127.0.0.1", "198.51.100.1", None),
    ("127.0.0.1", "127.0.0.1", "198.51.100.1", "198.51.100.1"),
    ("127.0.0.1", "127.0.0.1", "10.9.9.9, 198.51.100.1", "198.51.100.1"),
    ("127.0.0.1,10.0.0.0/8", "127.0.0.1", "198.51.100.1, 10.1.2.3", "198.51.100.1"),
    ("127.0.0.1", "127.0.0.1", "", None),
    ("127.0.0.1", "127.0.0.1", "198.51.100.1, nonsense", None),
    ("127.0.0.1", "192.0.2.7", "198.51.100.1", "192.0.2.7"),
    ("::1", "::1", "2001:db8::7", "2001:db8::7"),
    ("", "", "", None),
])
def test_an_address_is_the_visitor_s_or_none(
    rf: RequestFactory, settings: Any, trusted: str, remote: str, forwarded: str, address: str | None,
) -> None:
    settings.TRUSTED_PROXIES = [network for network in trusted.split(",") if network]
    request = rf.get("/", headers={"X-Forwarded-For": forwarded} if forwarded else None, REMOTE_ADDR=remote)
    assert address_of(request) == address
