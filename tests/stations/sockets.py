"""Sockets of stations that speak raw frames to the real application."""

import base64
import json
import time
from collections.abc import Callable
from contextlib import contextmanager
from typing import Any

import pytest
from websockets.exceptions import ConnectionClosed, InvalidStatus
from websockets.sync.client import ClientConnection, connect

from diagnostics.models import Message
from stations.models import Station
from tests.back_office import BackOffice

PATIENCE_S = 10


class Socket:
    """One open socket."""

    def __init__(self, connection: ClientConnection) -> None:
        self.connection = connection
        self._number = 0

    def send(self, *frames: str | bytes | list[Any]) -> None:
        for frame in frames:
            self.connection.send(json.dumps(frame) if isinstance(frame, list) else frame)

    def receive(self) -> list[Any]:
        frame: list[Any] = json.loads(self.connection.recv(timeout=PATIENCE_S))
        return frame

    def call(self, action: str, payload: dict[str, Any] | None = None) -> list[Any]:
        """Send a CALL and return what came after kind and id: the answer, or the error."""
        self._number += 1
        message_id = f"n{self._number}"
        self.send([2, message_id, action, payload or {}])
        frame = self.receive()
        assert frame[1] == message_id, frame
        return frame[2:]

    def is_alive(self) -> bool:
        """Ask for the time; whatever was sent before has been handled when it comes."""
        return "currentTime" in self.call("Heartbeat")[0]

    def close_code(self) -> int | None:
        """Wait until the server closes."""
        try:
            while True:
                self.connection.recv(timeout=PATIENCE_S)
        except ConnectionClosed:
            return self.connection.close_code


@contextmanager
def socket_of(
    back_office: BackOffice,
    identity: Station | str,
    *,
    subprotocols: tuple[str, ...] = ("ocpp1.6",),
    authorization: str | None = None,
    party: str = "",
) -> Any:
    path = f"{party}/{identity}" if party else str(identity)
    with connect(
        f"{back_office.ws_url}/{path}",
        subprotocols=[*subprotocols] or None,
        additional_headers={"Authorization": authorization} if authorization else None,
        compression=None,
        proxy=None,
        max_size=None,
    ) as connection:
        yield Socket(connection)


def refused(back_office: BackOffice, identity: Station | str, **options: Any) -> Any:
    """Return the response to a handshake that is refused."""
    with pytest.raises(InvalidStatus) as found, socket_of(back_office, identity, **options):
        pass
    return found.value.response


def basic(username: str, password: bytes) -> str:
    return "Basic " + base64.b64encode(username.encode() + b":" + password).decode()


def eventually(holds: Callable[[], Any]) -> Any:
    """Look again and again until something holds, for what nobody answers."""
    deadline_s = time.monotonic() + PATIENCE_S
    while not (found := holds()):
        assert time.monotonic() < deadline_s, "it does not come to hold"
        time.sleep(0.01)
    return found


def rows_of(station: Station) -> list[Message]:
    return list(Message.objects.filter(station=station).order_by("pk"))
