"""The wire end of a simulated station: the `ocpp` library's ChargePoint on a websocket client."""

import asyncio
import base64
import json
import logging
from collections.abc import Callable, Sequence
from typing import Any, TypeVar, cast
from uuid import uuid4

import ocpp.messages
from ocpp.charge_point import (
    ChargePoint,
    remove_nones,
    serialize_as_dict,
    snake_to_camel_case,
)
from ocpp.exceptions import OCPPError
from ocpp.messages import Call, CallResult, validate_payload
from ocpp.routing import create_route_map, on
from websockets.asyncio.client import ClientConnection, connect
from websockets.exceptions import ConnectionClosed
from websockets.typing import Subprotocol

from stations.simulator.behaviour import Behaviour, Payload
from stations.simulator.journal import Journal, Tasks
from stations.simulator.state import CallRefused, NotConnected

logger = logging.getLogger(__name__)

# The library validates in threads by default; one hop per message costs more than the validation.
ocpp.messages.ASYNC_VALIDATION = False

Handler = TypeVar("Handler", bound=Callable[..., Any])


def answers(action: str) -> Callable[[Handler], Handler]:
    """Mark a method as the one that answers CALLs of `action`: the library's `on`, with types."""
    return cast("Callable[[Handler], Handler]", on(action))


class Point(ChargePoint):
    """One connection at a time, on which either side may call the other.

    Unlike its base it matches answers by message id, so that a late answer, a lost connection or
    a pipelined CALL cannot confuse it, and it answers CALLs beside the reading loop.
    """

    def __init__(self, station_id: str, routes: object, behaviour: Behaviour, version: str) -> None:
        super().__init__(station_id, None, logger=logger)
        self._ocpp_version = version
        self.route_map = create_route_map(routes)
        self.behaviour = behaviour
        self.journal = Journal()
        self.tasks = Tasks()
        self.timeout_s = 30.0
        self.close_code: int | None = None
        self._socket: ClientConnection | None = None
        self._reader: asyncio.Task[None] | None = None
        self._pending: dict[str, asyncio.Future[Payload]] = {}
        self._answering = asyncio.Lock()

    @property
    def is_open(self) -> bool:
        """Whether a connection stands."""
        return self._socket is not None

    async def open(
        self, url: str, *, subprotocols: Sequence[str], password: str | bytes | None
    ) -> None:
        """Connect.  Raises OSError, or the handshake errors of `websockets`."""
        # A fleet on one event loop would answer pings late and lose connections for no reason.
        socket = await connect(
            url,
            close_timeout=2,
            subprotocols=[Subprotocol(name) for name in subprotocols],
            additional_headers=_authorization(self.id, password),
            compression=None,
            ping_interval=None,
            proxy=None,
        )
        self._socket = self._connection = socket
        self.close_code = None
        self._reader = asyncio.get_running_loop().create_task(self._read(socket))
        self.journal.note_change()

    async def close(self) -> None:
        """Close politely and wait for the end."""
        if self._socket is not None:
            await self._socket.close()
        await self._finish_reading()

    async def drop(self) -> None:
        """Cut the TCP connection without a word."""
        if self._socket is not None:
            self._socket.transport.abort()
        await self._finish_reading()

    async def request(self, message: Any, *, pipelined: bool = False) -> Payload:
        """Send a CALL given as a dataclass of the library; shapes and errors as `exchange`."""
        action = type(message).__name__
        payload: Payload = dict(remove_nones(snake_to_camel_case(serialize_as_dict(message))))
        await validate_payload(Call("-", action, payload), self._ocpp_version)
        payload = self.behaviour.distort(action, payload)
        if pipelined:
            return await self._exchange(action, payload)
        return await self.exchange(action, payload)

    async def exchange(self, action: str, payload: Payload) -> Payload:
        """Send any CALL when no other is outstanding and return the payload of its answer.

        Raises CallRefused, NotConnected, TimeoutError; OCPPError for an answer against the schema.
        """
        async with self._call_lock:
            return await self._exchange(action, payload)

    async def send_raw(self, text: str) -> None:
        """Send a frame as it is."""
        if self._socket is None:
            raise NotConnected("station is offline")
        try:
            await self._socket.send(text)
        except ConnectionClosed as error:
            raise NotConnected(str(error)) from error

    async def _exchange(self, action: str, payload: Payload) -> Payload:
        message = Call(str(uuid4()), action, payload)
        answer: asyncio.Future[Payload] = asyncio.get_running_loop().create_future()
        self._pending[message.unique_id] = answer
        try:
            await self.send_raw(message.to_json())
            async with asyncio.timeout(self.timeout_s):
                result = CallResult(message.unique_id, await answer, action)
        finally:
            del self._pending[message.unique_id]
        await validate_payload(result, self._ocpp_version)
        return cast("Payload", result.payload)

    async def _read(self, socket: ClientConnection) -> None:
        try:
            while True:
                self._take(await socket.recv(decode=True))
        except ConnectionClosed as closed:
            self.close_code = closed.rcvd.code if closed.rcvd else 1006
        self._socket = None
        for answer in self._pending.values():
            if not answer.done():
                answer.set_exception(NotConnected("connection lost before the answer"))
        self.journal.note_change()

    def _take(self, frame: str) -> None:
        match _decode(frame):
            case [2, str() as message_id, str() as action, dict() as payload]:
                self.journal.note_call(action, payload)
                self.tasks.start(self._answer(Call(message_id, action, payload)))
            case [3, str() as message_id, dict() as payload] if message_id in self._pending:
                self._settle(message_id, payload)
            case [4, str() as message_id, code, *rest] if message_id in self._pending:
                self._settle(message_id, CallRefused(str(code), str(rest[0]) if rest else ""))
            case _:
                self.journal.note_raw(frame)

    def _settle(self, message_id: str, answer: Payload | CallRefused) -> None:
        future = self._pending[message_id]
        if future.done():
            return
        if isinstance(answer, CallRefused):
            future.set_exception(answer)
        else:
            future.set_result(answer)
        self.journal.note_change()

    async def _answer(self, message: Call) -> None:
        if message.action in self.behaviour.silent:
            return
        await asyncio.sleep(self.behaviour.late_s.get(message.action, 0))
        async with self._answering:
            try:
                await self._answer_as_behaved(message)
            except ConnectionClosed:
                logger.info("%s: connection lost before the answer to %s", self.id, message.action)
            self.tasks.release()
        self.journal.note_change()

    async def _answer_as_behaved(self, message: Call) -> None:
        status = self.behaviour.status_for_no(message.action)
        code = self.behaviour.error_code(message.action)
        if status is not None:
            await self._send(message.create_call_result({"status": status}).to_json())
        elif code is not None:
            await self._send(json.dumps([4, message.unique_id, code, "", {}]))
        else:
            try:
                await self._handle_call(message)
            except OCPPError as error:
                await self._send(message.create_call_error(error).to_json())

    async def _send(self, message: str) -> None:
        """Send an answer that the base class has made, without its log line per frame."""
        await self._connection.send(message)

    async def _finish_reading(self) -> None:
        if self._reader is not None:
            await self._reader
            self._reader = None


def _authorization(station_id: str, password: str | bytes | None) -> dict[str, str]:
    if password is None:
        return {}
    secret = password.encode() if isinstance(password, str) else password
    return {
        "Authorization": "Basic "
        + base64.b64encode(b"%b:%b" % (station_id.encode(), secret)).decode()
    }


def _decode(frame: str) -> object:
    try:
        return json.loads(frame)
    except ValueError:
        return None
