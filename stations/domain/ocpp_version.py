"""The OCPP versions that are spoken with stations, and how a connection agrees on one."""

from __future__ import annotations

from collections.abc import Collection, Sequence
from enum import StrEnum


class OcppVersion(StrEnum):
    """A protocol version, oldest first; the value is the version's own number."""

    V16 = "1.6"
    V201 = "2.0.1"

    @property
    def subprotocol(self) -> str:
        """The name registered for the Sec-WebSocket-Protocol header, such as `ocpp1.6`."""
        return f"ocpp{self.value}"

    @classmethod
    def from_subprotocol(cls, subprotocol: str) -> OcppVersion | None:
        """Read a subprotocol name; None when it names no version that is spoken here."""
        return _VERSION_OF_SUBPROTOCOL.get(subprotocol.strip())


_VERSION_OF_SUBPROTOCOL = {version.subprotocol: version for version in OcppVersion}
_ALL_VERSIONS = frozenset(OcppVersion)


def select_subprotocol(
    offered: Sequence[str], *, enabled: Collection[OcppVersion] = _ALL_VERSIONS
) -> OcppVersion | None:
    """Choose the highest enabled version among the offered subprotocols, whatever their order.

    None means that nothing is in common: the handshake is then refused.
    """
    common = {OcppVersion.from_subprotocol(name) for name in offered}.intersection(enabled)
    return next((version for version in reversed(OcppVersion) if version in common), None)
