"""One socket of a station: its CALLs wait in turn, and one of ours is under way at a time."""

from __future__ import annotations

import asyncio
from collections import deque
from dataclasses import dataclass
from datetime import datetime
from typing import TYPE_CHECKING, Protocol

from django.utils import timezone

from stations.domain.exchange import Direction, Exchange, Outcome
from stations.domain.ocpp_version import OcppVersion
from stations.ocpp.errors import ErrorCode
from stations.ocpp.frames import (
    Call,
    CallError,
    CallResult,
    FrameError,
    Ignored,
    encode_error,
    parse,
)
from stations.ocpp.sending import Outbox

if TYPE_CHECKING:
    from stations.ocpp.items import CallItem

MAX_TEXT_KEPT = 4096  # characters of a broken frame that the log keeps
MAX_WAITING_SIZE = 256 * 1024  # characters that wait on one socket before it is not read further
MAX_GARBAGE = 10  # frames in a row that mean nothing, before the socket is closed
POLICY_VIOLATION = 1008
UNSUPPORTED_DATA = 1003


@dataclass(slots=True)
class OutgoingCall:
    """A CALL of ours with the command it carries out."""

    command_id: int
    station_id: int
    message_id: str
    action: str
    payload_text: str
    logged_text: str
    timeout_s: int
    expires_at: datetime | None = None
    sent_at: datetime | None = None
    timer: asyncio.TimerHandle | None = None


class Desk(Protocol):
    """What a connection hands its frames to: the node."""

    def take_call(self, connection: Connection, call: Call, *, text: str) -> CallItem: ...

    def note(self, exchange: Exchange) -> None: ...

    def settle(
        self, connection: Connection, order: OutgoingCall, frame: CallResult | CallError | None
    ) -> None: ...


@dataclass(frozen=True, slots=True)
class Peer:
    """Who is at the other end; `token` names this socket among all that the station had."""

    station_id: int
    identity: str
    version: OcppVersion
    token: str


class Connection:
    """The socket of one station."""

    __slots__ = (
        "_desk",
        "_garbage",
        "_in_hand",
        "_max_waiting",
        "_outbox",
        "_room",
        "_waiting",
        "_waiting_size",
        "identity",
        "is_closing",
        "order",
        "station_id",
        "token",
        "version",
    )

    def __init__(self, peer: Peer, *, outbox: Outbox, desk: Desk, max_waiting: int = 64) -> None:
        self.station_id = peer.station_id
        self.identity = peer.identity
        self.version = peer.version
        self.token = peer.token
        self.order: OutgoingCall | None = None
        self.is_closing = False
        self._outbox = outbox
        self._desk = desk
        self._max_waiting = max_waiting
        self._in_hand: CallItem | None = None
        self._waiting: deque[str] | None = None
        self._waiting_size = 0
        self._room: asyncio.Event | None = None
        self._garbage = 0

    def receive(self, text: str) -> None:
        """Take one text frame: a CALL waits its turn, an answer settles our CALL."""
        try:
            frame = parse(text, self.version)
        except FrameError as error:
            self._receive_garbage(text, error)
            return
        if isinstance(frame, Call):
            self._garbage = 0
            if self._in_hand is None:
                self._in_hand = self._desk.take_call(self, frame, text=text)
            else:
                self._wait(text)
        elif isinstance(frame, Ignored):
            self._note_garbage(text, Outcome.MALFORMED, frame.reason)
        else:
            self._receive_answer(frame, text)

    def receive_binary(self) -> None:
        """OCPP-J defines no binary frames: close."""
        self._note_frame("", Outcome.MALFORMED, "frame is binary, expected text")
        self.close(UNSUPPORTED_DATA)

    def receive_fault(self, code: int) -> None:
        """Log that the server closed the socket for a frame that it could not hand over."""
        self._note_frame("", Outcome.MALFORMED, f"socket was closed with {code}")

    def note(self, exchange: Exchange) -> None:
        """Hand an exchange to the log."""
        self._desk.note(exchange)

    async def room(self) -> None:
        """Wait until fewer frames wait, inwards and outwards; mostly returns at once."""
        if self._outbox.is_full:
            await self._outbox.emptied()
        if self._is_crowded(self._max_waiting) and not self.is_closing:
            self._room = asyncio.Event()
            await self._room.wait()

    def answered(self, item: CallItem) -> None:
        """Send the answer that is on disk now, and hand in the next CALL that waited."""
        if item.is_superseded:
            self.close(POLICY_VIOLATION)
            self._make_room()
            return
        self._outbox.send({"type": "websocket.send", "text": item.reply})
        if self._waiting:
            text = self._waiting.popleft()
            self._waiting_size -= len(text)
            call = parse(text, self.version)  # parsed again: a parsed frame is many times its text
            assert isinstance(call, Call)  # noqa: S101 - it was one when it came
            self._in_hand = self._desk.take_call(self, call, text=text)
            if not self._is_crowded(self._max_waiting // 2):
                self._make_room()
        else:
            self._in_hand = self._waiting = None

    def send_order(self, order: OutgoingCall) -> None:
        """Send a CALL of ours; `settle` is called once, with its answer or None at the time-out."""
        self.order = order
        order.sent_at = timezone.now()
        order.timer = asyncio.get_running_loop().call_later(
            order.timeout_s, self._settle, order, None
        )
        text = f'[2,"{order.message_id}","{order.action}",{order.payload_text}]'
        self._outbox.send({"type": "websocket.send", "text": text})

    def close(self, code: int) -> None:
        """Close the socket, once."""
        if not self.is_closing:
            self.is_closing = True
            self._outbox.send({"type": "websocket.close", "code": code})
            self._make_room()

    def closed(self) -> None:
        """Let go of what was under way: nobody will answer any more."""
        self.is_closing = True
        self._waiting = None
        if self.order is not None:
            self._settle(self.order, None)

    def _wait(self, text: str) -> None:
        if self._waiting is None:
            self._waiting = deque()
        self._waiting.append(text)
        self._waiting_size += len(text)

    def _is_crowded(self, count: int) -> bool:
        if self._waiting is None:
            return False
        return len(self._waiting) >= count or self._waiting_size >= MAX_WAITING_SIZE

    def _make_room(self) -> None:
        if self._room is not None:
            self._room.set()
            self._room = None

    def _receive_answer(self, frame: CallResult | CallError, text: str) -> None:
        order = self.order
        if order is None or order.message_id != str(frame.message_id):
            self._note_garbage(text, Outcome.UNMATCHED, str(frame.message_id))
            return
        self._garbage = 0
        self._settle(order, frame)

    def _settle(self, order: OutgoingCall, frame: CallResult | CallError | None) -> None:
        assert order.timer is not None  # noqa: S101 - set when it was sent
        order.timer.cancel()
        self.order = None
        self._desk.settle(self, order, frame)

    def _receive_garbage(self, text: str, error: FrameError) -> None:
        """Log it, and answer where an answer is owed."""
        order = self.order
        if not error.answerable and order is not None and error.message_id == order.message_id:
            self._settle(
                order, CallError(order.message_id, ErrorCode.FORMAT_VIOLATION, error.description)
            )
        if error.answerable:
            reply = encode_error(
                error.message_id,
                error.code,
                version=self.version,
                description=error.description,
            )
            self._outbox.send({"type": "websocket.send", "text": reply})
        self._note_garbage(text, Outcome.MALFORMED, error.description)

    def _note_garbage(self, text: str, outcome: Outcome, reason: str) -> None:
        """Close when nothing else comes."""
        self._note_frame(text, outcome, reason)
        self._garbage += 1
        if self._garbage >= MAX_GARBAGE:
            self.close(POLICY_VIOLATION)

    def _note_frame(self, text: str, outcome: Outcome, reason: str) -> None:
        self._desk.note(
            Exchange(
                station_id=self.station_id,
                connection=self.token,
                direction=Direction.IN,
                action="",
                message_id="",
                payload=text[:MAX_TEXT_KEPT].replace("\0", "\\u0000"),
                received_at=timezone.now(),
                answer=reason[:255],
                outcome=outcome,
            )
        )
