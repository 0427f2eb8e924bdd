"""Raw stations that speak as fast as they are answered, and remember what was answered."""

import asyncio
import itertools
import json
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import uuid4

from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed, InvalidMessage
from websockets.typing import Subprotocol

TROUBLE = (ConnectionClosed, InvalidMessage, OSError)
STATUSES = ("Preparing", "Charging", "Finishing", "Available")


@dataclass
class Answered:
    """What the back office has confirmed, and must know for ever."""

    message_ids: set[str] = field(default_factory=set)
    started: set[int] = field(default_factory=set)
    stopped: set[int] = field(default_factory=set)
    statuses: dict[str, set[str]] = field(default_factory=dict)
    """By identity: the last status that was confirmed, and one that may have arrived since."""
    wrong: list[Any] = field(default_factory=list)
    _grown: asyncio.Event = field(default_factory=asyncio.Event)

    async def grow_by(self, count: int, *, within_s: float = 30) -> None:
        """Return when so many more messages have been answered."""
        wanted = len(self.message_ids) + count
        async with asyncio.timeout(within_s):
            while len(self.message_ids) < wanted:
                self._grown.clear()
                await self._grown.wait()

    def note(self, message_id: str) -> None:
        self.message_ids.add(message_id)
        self._grown.set()


@dataclass
class RawStation:
    """One connection of OCPP 1.6 that charges without end."""

    url: str
    identity: str
    answered: Answered

    async def work(self) -> None:
        """Charge until the connection is lost."""
        try:
            async with connect(
                f"{self.url}/{self.identity}",
                subprotocols=[Subprotocol("ocpp1.6")],
                compression=None,
                proxy=None,
                open_timeout=30,
            ) as socket:
                await self._work(socket)
        except TROUBLE:
            return

    async def _work(self, socket: ClientConnection) -> None:
        await self._call(
            socket, "BootNotification", chargePointVendor="Raw", chargePointModel="Loop"
        )
        for number in itertools.count():
            started = await self._call(
                socket,
                "StartTransaction",
                connectorId=1,
                idTag="LOOP",
                meterStart=number,
                timestamp=_now(),
            )
            transaction_id = started["transactionId"]
            self.answered.started.add(transaction_id)
            await self._report(socket, STATUSES[number % len(STATUSES)])
            sample = {"timestamp": _now(), "sampledValue": [{"value": str(number)}]}
            await self._call(
                socket,
                "MeterValues",
                connectorId=1,
                transactionId=transaction_id,
                meterValue=[sample],
            )
            await self._call(
                socket,
                "StopTransaction",
                transactionId=transaction_id,
                meterStop=number,
                timestamp=_now(),
            )
            self.answered.stopped.add(transaction_id)

    async def _report(self, socket: ClientConnection, status: str) -> None:
        possible = self.answered.statuses.setdefault(self.identity, set())
        possible.add(status)
        await self._call(
            socket,
            "StatusNotification",
            connectorId=1,
            errorCode="NoError",
            status=status,
            timestamp=_now(),
        )
        self.answered.statuses[self.identity] = {status}

    async def _call(self, socket: ClientConnection, action: str, **payload: Any) -> Any:
        message_id = uuid4().hex
        await socket.send(json.dumps([2, message_id, action, payload]))
        kind, answered_id, *rest = json.loads(await socket.recv())
        if (kind, answered_id) != (3, message_id):
            self.answered.wrong.append((action, kind, rest))
        self.answered.note(message_id)
        return rest[0]


def _now() -> str:
    return datetime.now(UTC).isoformat(timespec="milliseconds").replace("+00:00", "Z")
