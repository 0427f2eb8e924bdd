"""Connections that look where they go: to public addresses, unless settings allow private ones."""

import ipaddress
import socket
from typing import Any

from django.conf import settings
from requests.adapters import HTTPAdapter
from urllib3.connection import HTTPConnection, HTTPSConnection
from urllib3.connectionpool import HTTPConnectionPool, HTTPSConnectionPool
from urllib3.exceptions import NewConnectionError

from roaming.gateway.deadlines import AnswerInTime

CONNECT_TIMEOUT_S = 5
# IPv6 addresses that carry an IPv4 address in their last 32 bits (RFC 6052).
_NAT64 = ipaddress.ip_network("64:ff9b::/96")

Address = ipaddress.IPv4Address | ipaddress.IPv6Address


class UnreachableError(Exception):
    """No usable HTTP answer was had; the message says why, for people."""


def is_public(address: Address) -> bool:
    """Say whether an address belongs to the internet at large, tunnels looked into."""
    if isinstance(address, ipaddress.IPv6Address):
        if address in _NAT64:
            return is_public(ipaddress.IPv4Address(int(address) & 0xFFFF_FFFF))
        inner = address.ipv4_mapped or address.sixtofour
        if inner is not None:
            return is_public(inner)
    return address.is_global and not address.is_multicast


def _open(connection: HTTPConnection) -> socket.socket:
    """Connect to an address that was itself checked, so that DNS cannot answer twice differently.

    One address that is not public refuses the host.
    """
    port = connection.port
    found = socket.getaddrinfo(connection.host.strip("[]"), port, type=socket.SOCK_STREAM)
    addresses = [str(address[0]) for *_, address in found]
    if not settings.ALLOW_PRIVATE_ADDRESSES:
        for address in addresses:
            if not is_public(ipaddress.ip_address(address.partition("%")[0])):
                raise UnreachableError(
                    f"{connection.host} leads to the private address {address}."
                    " Partners need a public one (setting ALLOW_PRIVATE_ADDRESSES)."
                )
    return _first_that_answers(connection, addresses)


def _first_that_answers(connection: HTTPConnection, addresses: list[str]) -> socket.socket:
    failure: OSError = OSError("the name has no address")
    for address in addresses:
        try:
            opened = socket.create_connection((address, connection.port), CONNECT_TIMEOUT_S)
        except OSError as error:
            failure = error
        else:
            opened.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
            return opened
    raise NewConnectionError(connection, f"no connection: {failure}")


class _CheckedConnection(HTTPConnection):
    response_class = AnswerInTime

    def _new_conn(self) -> socket.socket:
        return _open(self)


class _CheckedSecureConnection(HTTPSConnection):
    response_class = AnswerInTime

    def _new_conn(self) -> socket.socket:
        return _open(self)


class _CheckedPool(HTTPConnectionPool):
    ConnectionCls = _CheckedConnection


class _CheckedSecurePool(HTTPSConnectionPool):
    ConnectionCls = _CheckedSecureConnection


class CheckedAdapter(HTTPAdapter):
    """The adapter of requests, on connections that look where they go."""

    def init_poolmanager(self, *args: Any, **kwargs: Any) -> None:
        super().init_poolmanager(*args, **kwargs)
        self.poolmanager.pool_classes_by_scheme = {
            "http": _CheckedPool,
            "https": _CheckedSecurePool,
        }
