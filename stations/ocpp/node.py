"""A process of the back office that holds stations' sockets."""

from __future__ import annotations

import asyncio
import contextlib
import logging
import os
import socket
from collections.abc import Awaitable, Callable, Coroutine
from datetime import datetime
from http import HTTPStatus
from typing import Any

from asgiref.sync import sync_to_async
from channels.layers import get_channel_layer
from django.conf import settings
from django.db import DatabaseError, InterfaceError
from django.utils import timezone

from stations.domain.exchange import Exchange
from stations.gateway import (
    COMMANDS_QUEUED,
    STATION_MOVED,
    Complaints,
    close_elsewhere,
    node_channel,
)
from stations.ocpp.connection import Connection, OutgoingCall
from stations.ocpp.frames import Call, CallError, CallResult
from stations.ocpp.intake import Intake
from stations.ocpp.items import (
    Admission,
    CallItem,
    CloseItem,
    JobItem,
    KnockItem,
    NoteItem,
    RefusedItem,
    SettleItem,
)
from stations.ocpp.pump import CommandPump
from stations.ocpp.routing import Routes, Stage
from stations.services.connecting import Knock, Refusal
from stations.services.nodes import adopt_stations, forget_node, register_node, touch_node
from stations.services.partitions import ensure_partitions

logger = logging.getLogger(__name__)

HEARTBEAT_S = 5
POLL_S = 2
DRAIN_S = 9  # below the patience of both servers
SETTLE_DOWN_S = 4  # how long a drain waits for sockets to close
GOING_AWAY = 1001
POLICY_VIOLATION = 1008
ORDERS_PER_POLL = 500
CLOSING = Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "the node is closing")


class Node:
    """The sockets of this process, their intake, and the commands that go out over them."""

    def __init__(self, routes: Routes, stages: list[Stage]) -> None:
        self.intake = Intake(routes, stages, prepare=ensure_partitions)
        self.connections: dict[int, Connection] = {}
        self.max_waiting: int = settings.OCPP_MAX_PENDING_FRAMES
        self.id: int | None = None
        self._pump = CommandPump()
        self._layer_complaints = Complaints()
        self._is_draining = False
        self._wanted: set[int] | None = set()
        self._wake = asyncio.Event()
        self._tasks: list[asyncio.Task[None]] = []
        self._background: set[asyncio.Task[None]] = set()
        self._nobody_left = asyncio.Event()

    async def start(self) -> None:
        """Register in the database, start the writer, and begin to look for commands."""
        self.id = await sync_to_async(register_node)(_process_name(), kind="web")
        self.intake.node_id = self.id
        self.intake.start()
        self._tasks = [
            asyncio.create_task(self._forever(step)) for step in (self._beat, self._carry_commands)
        ]
        self._listening = asyncio.create_task(self._forever(self._listen))

    async def drain(self) -> None:
        """Finish what waits, close the sockets with 1001, write that they are closed, and end."""
        self._is_draining = True
        try:
            async with asyncio.timeout(DRAIN_S):
                await self._take_leave()
        except TimeoutError:
            logger.exception("node did not drain within %s s", DRAIN_S)

    async def _take_leave(self) -> None:
        await self._end_tasks()
        with contextlib.suppress(TimeoutError, RuntimeError, DatabaseError, InterfaceError):
            async with asyncio.timeout(DRAIN_S / 3):
                await self._job(lambda now: None)
        self._nobody_left.clear()
        for connection in list(self.connections.values()):
            connection.close(GOING_AWAY)
        if self.connections:
            with contextlib.suppress(TimeoutError):
                async with asyncio.timeout(SETTLE_DOWN_S):
                    await self._nobody_left.wait()
        for connection in list(self.connections.values()):
            self.leave(connection)
        await self.intake.stop()
        await sync_to_async(forget_node)(self.id or 0)

    async def knock(self, knock: Knock) -> Admission | Refusal:
        """Decide a handshake; the decision is on disk when it returns."""
        if self._is_draining:
            return CLOSING
        decision = asyncio.get_running_loop().create_future()
        self.intake.submit(KnockItem(knock, decision, self._abandon))
        found = await self._decided(decision)
        if self._is_draining and isinstance(found, Admission):
            self._abandon(found)
            return CLOSING
        if isinstance(found, Admission) and found.older_node_id not in {None, self.id}:
            self._in_background(close_elsewhere(found.older_node_id, found.station_id, found.token))
        return found

    async def _decided(self, decision: asyncio.Future[Admission | Refusal]) -> Admission | Refusal:
        try:
            return await decision
        except asyncio.CancelledError:
            if decision.done() and not decision.cancelled():
                found = decision.result()
                if isinstance(found, Admission):
                    self._abandon(found)
            raise

    def _abandon(self, admission: Admission) -> None:
        """A handshake that ended before its decision leaves no open socket behind."""
        self.intake.submit(CloseItem(admission.station_id, admission.token))

    def note_refused(self, knock: Knock, refusal: Refusal) -> None:
        """Keep a handshake that was refused unread in the list of unrecognised stations."""
        self.intake.submit(RefusedItem(knock, refusal))

    def join(self, connection: Connection) -> None:
        """Take over a station: its older socket here is closed, the newest wins."""
        older = self.connections.get(connection.station_id)
        self.connections[connection.station_id] = connection
        if older is not None:
            older.close(POLICY_VIOLATION)
        self.wake({connection.station_id})

    def leave(self, connection: Connection) -> None:
        """Let go of a socket that has closed."""
        connection.closed()
        if self.connections.get(connection.station_id) is connection:
            del self.connections[connection.station_id]
        self.intake.submit(CloseItem(connection.station_id, connection.token))
        if not self.connections:
            self._nobody_left.set()

    def take_call(self, connection: Connection, call: Call, *, text: str) -> CallItem:
        """Queue a CALL for the next batch."""
        item = CallItem(connection, call, text=text, received_at=timezone.now())
        self.intake.submit(item)
        return item

    def note(self, exchange: Exchange) -> None:
        """Queue a row for the message log."""
        self.intake.submit(NoteItem(exchange))

    def settle(
        self, connection: Connection, order: OutgoingCall, frame: CallResult | CallError | None
    ) -> None:
        """Queue the answer to a CALL of ours, and look for the station's next command."""
        self.intake.submit(
            SettleItem(
                order=order,
                version=connection.version,
                connection=connection.token,
                frame=frame,
                received_at=timezone.now(),
            )
        )
        self.wake({connection.station_id})

    def wake(self, station_ids: set[int] | None) -> None:
        """Look for commands now: of these stations, or of all with None."""
        if station_ids is None:
            self._wanted = None
        elif self._wanted is not None:
            self._wanted |= station_ids
        self._wake.set()

    async def _carry_commands(self) -> None:
        """Send queued commands when woken, and every two seconds in any case."""
        try:
            async with asyncio.timeout(POLL_S):
                await self._wake.wait()
        except TimeoutError:
            self._wanted = None
        self._wake.clear()
        wanted, self._wanted = self._wanted, set()
        if (wanted is None or wanted) and not self._is_draining:
            orders = await self._job(
                lambda now: self._pump.take_queued(
                    self.id or 0, wanted, now=now, limit=ORDERS_PER_POLL
                )
            )
            for order in orders:
                self._send_order(order)
            if len(orders) >= ORDERS_PER_POLL:
                self.wake(None)

    def _send_order(self, order: OutgoingCall) -> None:
        connection = self.connections.get(order.station_id)
        if connection is None or connection.is_closing or connection.order is not None:
            logger.warning("station %s left before command %s", order.station_id, order.command_id)
            self._in_background(self._job(lambda now: self._pump.put_back(order)))
            return
        connection.send_order(order)

    async def _listen(self) -> None:
        """Take wake-ups from the channel layer; without one the poll still finds everything."""
        layer = get_channel_layer()
        if layer is None or self.id is None:
            await asyncio.sleep(POLL_S)
            return
        try:
            message = await layer.receive(node_channel(self.id))
        except Exception:
            if self._layer_complaints.is_due(asyncio.get_running_loop().time()):
                logger.exception("the channel layer is away, polling until it is back")
            await asyncio.sleep(1)
            return
        if message["type"] == COMMANDS_QUEUED:
            self.wake(set(message["station_ids"]))
        elif message["type"] == STATION_MOVED:
            connection = self.connections.get(message["station_id"])
            if connection is not None and connection.token != message["token"]:
                connection.close(POLICY_VIOLATION)

    async def _beat(self) -> None:
        """Tell the others that this node lives; register anew when they had given it up."""
        await asyncio.sleep(HEARTBEAT_S)
        sockets = {each.station_id: each.token for each in self.connections.values()}
        found = await self._job(lambda now: self._touch(sockets, now))
        if found is not None:
            self.id = self.intake.node_id = found
            self._listening.cancel()
            self._listening = asyncio.create_task(self._forever(self._listen))

    def _touch(self, sockets: dict[int, str], now: datetime) -> int | None:
        found = touch_node(self.id or 0, name=_process_name(), now=now)
        if found is not None:
            adopt_stations(found, sockets)
        return found

    async def _job(self, job: Callable[[Any], Any]) -> Any:
        if not self.intake.is_running:
            raise RuntimeError("the intake has ended, expected a running one")
        done = asyncio.get_running_loop().create_future()
        self.intake.submit(JobItem(job, done))
        return await done

    def _in_background(self, work: Coroutine[Any, Any, None]) -> None:
        task = asyncio.create_task(work)
        self._background.add(task)
        task.add_done_callback(self._background.discard)

    async def _end_tasks(self) -> None:
        """The commands in hand are sent first: taken and not sent, they would be lost."""
        beating, carrying = self._tasks
        for task in (beating, self._listening):
            task.cancel()
        self._wake.set()
        await asyncio.gather(beating, carrying, self._listening, return_exceptions=True)

    async def _forever(self, step: Callable[[], Awaitable[None]]) -> None:
        while not self._is_draining:
            try:
                await step()
            except Exception:
                logger.exception("a loop of the node failed, going on")
                await asyncio.sleep(1)


def _process_name() -> str:
    return f"{socket.gethostname()}:{os.getpid()}"
