"""Stations whose frames become batches without sockets: what they say is committed at once.

The connections are real ones; what leaves them is recorded.
"""

import itertools
import json
from collections.abc import Sequence
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from config.ocpp import routes, stages
from diagnostics.models import Message
from stations.domain.exchange import Exchange
from stations.domain.ocpp_version import OcppVersion
from stations.models import Station, StationConnection
from stations.ocpp.batch import Item, run_batch
from stations.ocpp.connection import Connection, OutgoingCall, Peer
from stations.ocpp.frames import Call, CallError, CallResult
from stations.ocpp.items import CallItem, NoteItem, SettleItem
from stations.ocpp.routing import Routes
from stations.ocpp.sending import Outbox
from tests import factories

V16 = OcppVersion.V16
V201 = OcppVersion.V201

_numbers = itertools.count(1)
_routes: Routes = routes()


class Desk:
    """Collects what connections hand in, as the node does, until a batch is run."""

    def __init__(self) -> None:
        self.items: list[Item] = []

    def take_call(self, connection: Connection, call: Call, *, text: str) -> CallItem:
        item = CallItem(connection, call, text=text, received_at=timezone.now())
        self.items.append(item)
        return item

    def note(self, exchange: Exchange) -> None:
        self.items.append(NoteItem(exchange))

    def settle(
        self, connection: Connection, order: OutgoingCall, frame: CallResult | CallError | None
    ) -> None:
        item = SettleItem(
            order=order,
            version=connection.version,
            connection=connection.token,
            frame=frame,
            received_at=timezone.now(),
        )
        self.items.append(item)

    def take(self) -> list[Any]:
        taken, self.items = self.items, []
        return taken


class Wire:
    """The sending half of a socket that never blocks: `events` is what has left."""

    def __init__(self) -> None:
        self.events: list[dict[str, Any]] = []

    async def send(self, event: dict[str, Any]) -> None:
        self.events.append(event)

    @property
    def frames(self) -> list[list[Any]]:
        return [json.loads(event["text"]) for event in self.events if "text" in event]

    @property
    def close_code(self) -> int | None:
        codes = [event["code"] for event in self.events if event["type"] == "websocket.close"]
        return codes[0] if codes else None


class Line:
    """A connected station; `call` sends a CALL, commits it and returns the answer's payload."""

    def __init__(
        self, version: OcppVersion = V16, *, desk: Desk | None = None, **fields: Any
    ) -> None:
        self.station: Station = factories.station(ocpp_version=version, **fields)
        self.token = f"token{next(_numbers)}"
        factories.connect(self.station, token=self.token)
        self.wire = Wire()
        self.desk = desk or Desk()
        self.connection = Connection(
            Peer(self.station.pk, self.station.identity, version, self.token),
            outbox=Outbox(self.wire.send),
            desk=self.desk,
        )

    def call(self, action: str, payload: dict[str, Any] | None = None, **options: Any) -> Any:
        """Return the payload of the CALLRESULT; `at` is when the batch runs."""
        kind, _, *rest = self.frame(action, payload, **options)
        assert kind == 3, rest
        return rest[0]

    def refusal(self, action: str, payload: dict[str, Any] | None = None, **options: Any) -> str:
        """Return the code of the CALLERROR."""
        kind, _, code, *_ = self.frame(action, payload, **options)
        assert kind == 4, code
        return str(code)

    def frame(
        self,
        action: str,
        payload: dict[str, Any] | None = None,
        *,
        message_id: str | None = None,
        at: datetime | None = None,
    ) -> list[Any]:
        """Return the whole answer frame."""
        self.say(action, payload, message_id=message_id)
        commit(self, at=at)
        return self.wire.frames[-1]

    def say(
        self, action: str, payload: dict[str, Any] | None = None, *, message_id: str | None = None
    ) -> None:
        """Send a CALL that waits for the next `commit`."""
        message_id = message_id or f"m{next(_numbers)}"
        self.connection.receive(json.dumps([2, message_id, action, payload or {}]))

    @property
    def live(self) -> StationConnection:
        return StationConnection.objects.get(station=self.station)

    @property
    def log(self) -> Message:
        """The last row of the message log about the station."""
        return Message.objects.filter(station=self.station).latest("pk")


def commit(*lines: Line, at: datetime | None = None) -> None:
    """Handle what these stations have said in one batch, and release the answers."""
    run([item for line in lines for item in line.desk.take()], at=at)


def run(items: Sequence[Any], *, at: datetime | None = None) -> None:
    """Handle items in one batch, and release them."""
    run_batch(items, routes=_routes, stages=stages(), now=at or timezone.now(), node_id=None)
    for item in items:
        item.release()


def told_at(*, ago: timedelta = timedelta()) -> str:
    """Return a time as stations write it."""
    return (timezone.now() - ago).isoformat(timespec="milliseconds").replace("+00:00", "Z")
