"""The OCPP endpoint: a Channels consumer with a receive loop of its own.

Stock Channels costs a thread hop and a task for each frame. This one joins no channel layer and
never waits for a commit or an answer inside its loop.
"""

import asyncio
import base64
import binascii
import logging
from http import HTTPStatus
from typing import Any
from urllib.parse import unquote

from channels.consumer import AsyncConsumer
from django.conf import settings

from stations.domain.addresses import client_address
from stations.domain.identity import is_station_identity
from stations.domain.ocpp_version import OcppVersion, select_subprotocol
from stations.ocpp.connection import Connection, Peer
from stations.ocpp.node import Node
from stations.ocpp.sending import Outbox
from stations.services.connecting import Knock, Refusal

logger = logging.getLogger(__name__)

HANDSHAKE_TIMEOUT_S = 15
# The server closes for a frame that it does not hand over: protocol, encoding, size.
FAULTS_OF_FRAMES = frozenset({1002, 1007, 1009})
TRY_AGAIN_LATER = HTTPStatus.SERVICE_UNAVAILABLE
MALFORMED_IDENTITY = Refusal(HTTPStatus.NOT_FOUND, "malformed identity")
NO_COMMON_SUBPROTOCOL = Refusal(HTTPStatus.BAD_REQUEST, "no common subprotocol")
_CHALLENGE = (b"www-authenticate", b'Basic realm="OCPP", charset="UTF-8"')


class OcppConsumer(AsyncConsumer):  # type: ignore[misc]
    """One station's socket from handshake to close; `node` is given by the project."""

    def __init__(self, *, node: Node) -> None:
        self.node = node

    async def __call__(self, scope: Any, receive: Any, send: Any) -> None:
        await receive()  # websocket.connect
        connection = await self._shake_hands(scope, send)
        if connection is None:
            return
        try:
            await self._serve(connection, receive)
        finally:
            self.node.leave(connection)

    async def _serve(self, connection: Connection, receive: Any) -> None:
        while True:
            event = await receive()
            if event["type"] == "websocket.disconnect":
                if event.get("code") in FAULTS_OF_FRAMES:
                    connection.receive_fault(event["code"])
                return
            text = event.get("text")
            if text is None:
                connection.receive_binary()
            elif not connection.is_closing:
                connection.receive(text)
                await connection.room()

    async def _shake_hands(self, scope: Any, send: Any) -> Connection | None:
        identity = scope["url_route"]["kwargs"]["identity"]
        version = select_subprotocol(scope["subprotocols"])
        if not is_station_identity(identity):
            await self._turn_away(scope, send, MALFORMED_IDENTITY)
            return None
        if version is None:
            await self._turn_away(scope, send, NO_COMMON_SUBPROTOCOL)
            return None
        try:
            async with asyncio.timeout(HANDSHAKE_TIMEOUT_S):
                decision = await self.node.knock(_knock(scope, version))
        except Exception:
            logger.exception("handshake of %s failed", identity)
            await _deny(send, TRY_AGAIN_LATER)
            return None
        if isinstance(decision, Refusal):
            logger.info("handshake of %s refused: %s", identity, decision.reason)
            await _deny(send, decision.status)
            return None
        connection = Connection(
            Peer(decision.station_id, identity, version, decision.token),
            outbox=Outbox(send),
            desk=self.node,
            max_waiting=self.node.max_waiting,
        )
        self.node.join(connection)
        try:
            await send({"type": "websocket.accept", "subprotocol": version.subprotocol})
        except BaseException:
            self.node.leave(connection)
            raise
        return connection

    async def _turn_away(self, scope: Any, send: Any, refusal: Refusal) -> None:
        self.node.note_refused(_knock(scope, OcppVersion.V16), refusal)
        await _deny(send, refusal.status)


def _knock(scope: Any, version: OcppVersion) -> Knock:
    username, password = _credentials(dict(scope["headers"]).get(b"authorization", b""))
    return Knock(
        identity=scope["url_route"]["kwargs"]["identity"],
        party=scope["url_route"]["kwargs"].get("party"),
        version=version,
        address=_address(scope),
        username=username,
        password=password,
    )


def _credentials(header: bytes) -> tuple[str | None, bytes | None]:
    """Read HTTP Basic; the password may hold any bytes, also colons."""
    scheme, _, encoded = header.partition(b" ")
    if scheme.lower() != b"basic":
        return None, None
    try:
        decoded = base64.b64decode(encoded.strip(), validate=True)
    except binascii.Error:
        return None, None
    username, colon, password = decoded.partition(b":")
    if not colon:
        return None, None
    return unquote(username.decode(errors="replace")), password


def _address(scope: Any) -> str:
    remote = str((scope.get("client") or [""])[0])[:64]
    forwarded = dict(scope["headers"]).get(b"x-forwarded-for", b"").decode("latin-1")
    return client_address(remote, forwarded, is_proxied=settings.PROXIED)


async def _deny(send: Any, status: HTTPStatus) -> None:
    """Refuse the handshake with an HTTP status (ASGI websocket denial response)."""
    headers = [(b"content-type", b"text/plain; charset=utf-8")]
    if status is HTTPStatus.UNAUTHORIZED:
        headers.append(_CHALLENGE)
    await send(
        {"type": "websocket.http.response.start", "status": status.value, "headers": headers}
    )
    await send({"type": "websocket.http.response.body", "body": status.phrase.encode()})


async def unknown_path(scope: Any, receive: Any, send: Any) -> None:
    """Refuse a socket at an address that is no station's."""
    await receive()
    await _deny(send, HTTPStatus.NOT_FOUND)
