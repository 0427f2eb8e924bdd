"""The part of a simulated station that connects, waits and speaks, whatever it then says."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import KW_ONLY, dataclass, field
from types import TracebackType
from typing import Any, Self
from urllib.parse import quote

from stations.simulator.behaviour import Behaviour, Payload
from stations.simulator.journal import Received
from stations.simulator.point import Point
from stations.simulator.words import Message, Words


@dataclass(eq=False)
class ConnectedStation:
    """The identity of a station, its connection, and what a test can see of both."""

    url: str
    identity: str
    version: str = "1.6"
    _: KW_ONLY
    password: str | bytes | None = None
    evses: int = 2
    vendor: str = "Simulated"
    model: str = "Twin 22"
    serial: str = ""
    firmware: str = "1.0.0"
    subprotocols: Sequence[str] = ()
    """Offered instead of the one that belongs to the version."""
    timeout_s: float = 30.0
    behaviour: Behaviour = field(default_factory=Behaviour)
    words: Words = field(init=False, repr=False)
    _point: Point = field(init=False, repr=False)

    async def __aenter__(self) -> Self:
        await self.connect()
        return self

    async def __aexit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        at: TracebackType | None,
    ) -> None:
        await self._point.tasks.stop()
        await self.disconnect()

    @property
    def received(self) -> list[Received]:
        """Every CALL of the central system, in order: (at, action, payload)."""
        return self._point.journal.received

    @property
    def online(self) -> bool:
        """Whether a connection stands."""
        return self._point.is_open

    @property
    def close_code(self) -> int | None:
        """The code with which the last connection was closed by the other side (1006: none)."""
        return self._point.close_code

    def wait_for(self, action: str, timeout: float = 5.0) -> Coroutine[Any, Any, Payload]:
        """The payload of the oldest CALL of `action` not yet waited for, come or to come."""
        return self._point.journal.wait_for(action, within_s=timeout)

    def wait_until(
        self, predicate: Callable[[], object], timeout: float | None = 5.0
    ) -> Coroutine[Any, Any, None]:
        """Return when `predicate` holds; looked at whenever something happens to the station."""
        return self._point.journal.wait_until(predicate, within_s=timeout)

    def next_raw(self, timeout: float = 5.0) -> Coroutine[Any, Any, str]:
        """The next frame that answers no CALL of the station's own; NotConnected once closed."""
        return self._point.journal.next_raw(is_open=lambda: self.online, within_s=timeout)

    def wait_closed(self, timeout: float = 5.0) -> Coroutine[Any, Any, None]:
        """Return when the connection is gone; `close_code` then says how."""
        return self.wait_until(lambda: not self.online, timeout)

    async def connect(self) -> None:
        """Open the connection.  Raises OSError or `websockets.exceptions.InvalidHandshake`."""
        url = f"{self.url.rstrip('/')}/{quote(self.identity, safe='')}"
        offered = self.subprotocols or [self.words.subprotocol]
        await self._point.open(url, subprotocols=offered, password=self.password)

    async def disconnect(self) -> None:
        """Close the connection politely."""
        await self._point.close()

    async def drop(self) -> None:
        """Lose the connection without a word."""
        await self._point.drop()

    async def send_raw(self, text: str) -> None:
        """Send a frame as it is; `next_raw` gives what comes back."""
        await self._point.send_raw(text)

    async def call(self, action: str, payload: Payload) -> Payload:
        """Send any CALL unchecked and return the answer.  Raises CallRefused, NotConnected."""
        return await self._point.exchange(action, payload)

    async def request(self, message: Message) -> Payload:
        """Send a dataclass of the `ocpp` library as a CALL; errors as `call`."""
        return await self._point.request(message)
