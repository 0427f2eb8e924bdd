"""What can wait for a batch: a handshake, a CALL, a frame to note, a socket that closed.

After the commit the server's loop calls `release`, which sends the answer.
"""

from __future__ import annotations

import asyncio
import secrets
from collections.abc import Callable
from datetime import datetime
from http import HTTPStatus
from typing import Any

import orjson

from stations.domain.exchange import Direction, Exchange, Outcome
from stations.domain.facts import StationFacts
from stations.domain.hidden import hide_secrets
from stations.domain.ocpp_version import OcppVersion
from stations.domain.setup_state import RegistrationStatus
from stations.models import Station
from stations.ocpp.batch import Batch
from stations.ocpp.connection import MAX_TEXT_KEPT, Connection, OutgoingCall
from stations.ocpp.errors import CallRefused, ErrorCode
from stations.ocpp.frames import Call, CallError, CallResult, encode_error
from stations.ocpp.pump import Answer as CommandReply
from stations.ocpp.routing import Answer, Handler, StationCall
from stations.ocpp.schemas import SchemaViolation, known_actions, validate_request
from stations.services.connecting import (
    Knock,
    Refusal,
    admit_unknown,
    close_connection,
    open_connection,
    refusal_of_known,
)
from stations.services.reporting import note_seen

FAILED = CallRefused(ErrorCode.INTERNAL_ERROR, "The message could not be processed.")
# What a held station may send over OCPP 2.0.1; over 1.6 everything is answered and kept.
PENDING_201 = frozenset({"BootNotification", "NotifyReport", "Heartbeat", "StatusNotification"})
# Two sockets of a station that nobody announced: the first one makes it known.
KNOCKED_TWICE = Refusal(HTTPStatus.SERVICE_UNAVAILABLE, "knocked twice at once")


class KnockItem:
    """A handshake that waits for its decision; `decision` gets Admission or Refusal.

    `abandon` is called with the admission of a handshake that nobody waits for any more.
    """

    def __init__(
        self,
        knock: Knock,
        decision: asyncio.Future[Admission | Refusal],
        abandon: Callable[[Admission], None],
    ) -> None:
        self.knock = knock
        self.decision = decision
        self._abandon = abandon
        self._token = secrets.token_hex(8)
        self._refusal: Refusal | None = None
        self._station: Station | None = None
        self._station_id = 0
        self._older_node_id: int | None = None

    def enter(self, batch: Batch) -> None:
        self._refusal = self._station = self._older_node_id = None
        batch.knocks.append(self.knock)

    def needs(self, batch: Batch) -> None:
        """Need nothing that the doors do not hold."""

    def handle(self, batch: Batch) -> None:
        known = batch.doors.stations.get(self.knock.identity)
        if known is None and self.knock.identity in batch.doors.admitted:
            self._refusal = KNOCKED_TWICE
            return
        if known is not None:
            self._refusal = refusal_of_known(self.knock, known)
            self._station_id, self._older_node_id = known.id, known.node_id
        else:
            admitted = admit_unknown(batch.work, self.knock, batch.doors)
            if isinstance(admitted, Refusal):
                self._refusal = admitted
            else:
                self._station = admitted
        if self._refusal is not None:
            batch.refused[self.knock.identity] = (self.knock, self._refusal)
            return
        open_connection(
            batch.work, self.knock, known=known, station=self._station, token=self._token
        )
        batch.doors.note_open(self.knock.identity)

    def written(self, batch: Batch) -> None:
        if self._station is not None:
            self._station_id = self._station.pk

    def release(self) -> None:
        admission = Admission(self._station_id, self._token, self._older_node_id)
        if not self.decision.done():
            self.decision.set_result(self._refusal or admission)
        elif self._refusal is None:
            self._abandon(admission)

    def fail(self, error: Exception) -> None:
        if not self.decision.done():
            self.decision.set_exception(error)


class Admission:
    """A station that may come in, the token of its socket, and the node that held the last one."""

    __slots__ = ("older_node_id", "station_id", "token")

    def __init__(self, station_id: int, token: str, older_node_id: int | None) -> None:
        self.station_id = station_id
        self.token = token
        self.older_node_id = older_node_id


class RefusedItem:
    """A handshake that was refused unread, to be kept in the list of unrecognised stations."""

    def __init__(self, knock: Knock, refusal: Refusal) -> None:
        self.knock = knock
        self.refusal = refusal

    def enter(self, batch: Batch) -> None:
        identity = self.knock.identity[:255].replace("\0", "")
        batch.refused[identity] = (self.knock, self.refusal)

    def needs(self, batch: Batch) -> None:
        """Need nothing."""

    def handle(self, batch: Batch) -> None:
        """Decide nothing."""

    def written(self, batch: Batch) -> None:
        """Nobody waits for an answer."""

    def release(self) -> None:
        """Nobody waits for an answer."""

    def fail(self, error: Exception) -> None:
        """The list has missed an attempt; the intake has logged why."""


class SettleItem:
    """The end of a CALL of ours: its answer, or None when none came."""

    def __init__(
        self,
        *,
        order: OutgoingCall,
        version: OcppVersion,
        connection: str,
        frame: CallResult | CallError | None,
        received_at: datetime,
    ) -> None:
        self.order = order
        self.version = version
        self.frame = frame
        self._exchange = Exchange(
            station_id=order.station_id,
            connection=connection,
            direction=Direction.OUT,
            action=order.action,
            message_id=order.message_id,
            payload=order.logged_text,
            received_at=order.sent_at or received_at,
            answered_at=received_at,
        )

    def enter(self, batch: Batch) -> None:
        batch.answers.append(CommandReply(self.order.command_id, self.version, self.frame))

    def needs(self, batch: Batch) -> None:
        """Need nothing: the batch settles all answers at once."""

    def handle(self, batch: Batch) -> None:
        """Decide nothing: the batch settles all answers at once."""

    def written(self, batch: Batch) -> None:
        exchange, frame = self._exchange, self.frame
        if frame is None:
            exchange.outcome, exchange.answered_at = Outcome.TIMED_OUT, None
        elif isinstance(frame, CallError):
            exchange.outcome, exchange.error_code = Outcome.ERROR, frame.code[:50]
            exchange.answer = frame.description[:255]
        else:
            exchange.answer = orjson.dumps(hide_secrets(frame.payload)).decode()
        batch.work.exchanges.append(exchange)

    def release(self) -> None:
        """Nobody waits for an answer."""

    def fail(self, error: Exception) -> None:
        """The command's own expiry ends it."""


class CloseItem:
    """A socket that closed."""

    def __init__(self, station_id: int, token: str) -> None:
        self.station_id = station_id
        self.token = token

    def enter(self, batch: Batch) -> None:
        batch.stations[self.station_id] = ""
        batch.work.knocking.add(self.station_id)

    def needs(self, batch: Batch) -> None:
        """Need nothing but the station."""

    def handle(self, batch: Batch) -> None:
        close_connection(batch.work, self.station_id, self.token)

    def written(self, batch: Batch) -> None:
        """Nobody waits for an answer."""

    def release(self) -> None:
        """Nobody waits for an answer."""

    def fail(self, error: Exception) -> None:
        """The sweep of dead nodes frees the station."""


class NoteItem:
    """An exchange that is complete already, to be logged: a broken frame, an answer to us."""

    def __init__(self, exchange: Exchange) -> None:
        self.exchange = exchange

    def enter(self, batch: Batch) -> None:
        batch.work.exchanges.append(self.exchange)

    def needs(self, batch: Batch) -> None:
        """Need nothing: the row is complete."""

    def handle(self, batch: Batch) -> None:
        """Decide nothing."""

    def written(self, batch: Batch) -> None:
        """Nobody waits for an answer."""

    def release(self) -> None:
        """Nobody waits for an answer."""

    def fail(self, error: Exception) -> None:
        """The log has lost a row; the intake has logged why."""


class CallItem:
    """A CALL of a station; its answer is sent when the batch is on disk."""

    def __init__(
        self, connection: Connection, call: Call, *, text: str, received_at: datetime
    ) -> None:
        self.connection = connection
        self.frame = call
        self.text = text
        self.received_at = received_at
        self.reply = ""
        self.is_superseded = False
        self._call: StationCall | None = None
        self._handler: Handler | None = None
        self._answer: Answer = {}
        self._refusal: CallRefused | None = None

    def enter(self, batch: Batch) -> None:
        self.reply = ""
        self.is_superseded = False
        self._call = self._handler = self._refusal = None
        batch.stations.setdefault(self.connection.station_id, self.frame.action)
        version, action = self.connection.version, self.frame.action
        handler = batch.routes.get((version, action))
        if handler is None:
            is_known = action in known_actions(version)
            code = ErrorCode.NOT_SUPPORTED if is_known else ErrorCode.NOT_IMPLEMENTED
            self._refusal = CallRefused(code, f"{action} is not served here")
            return
        try:
            validate_request(version, action, self.frame.payload)
        except SchemaViolation as violation:
            self._refusal = CallRefused(violation.code, violation.description)
            return
        self._handler = handler

    def needs(self, batch: Batch) -> None:
        station = batch.work.stations.get(self.connection.station_id)
        if station is None or station.token != self.connection.token:
            self.is_superseded = True
            self._refusal = CallRefused(ErrorCode.GENERIC_ERROR, "another socket took over")
            return
        self._refusal = self._refusal_of_registration(station) or self._refusal
        if self._refusal is None and self._handler is not None:
            self._call = StationCall(
                station,
                self.connection.version,
                self.frame.action,
                str(self.frame.message_id),
                self.frame.payload,
                self.received_at,
            )
            batch.route(self._handler, self._call)

    def handle(self, batch: Batch) -> None:
        if self.is_superseded:
            return
        station = batch.work.stations[self.connection.station_id]
        note_seen(batch.work, station)
        if self._call is None or self._handler is None:
            return
        try:
            self._answer = self._handler.handle(self._call, batch.work)
        except CallRefused as refusal:
            self._refusal = refusal

    def written(self, batch: Batch) -> None:
        exchange = self._exchange()
        exchange.answered_at = batch.work.now
        exchange.session = self._call.session if self._call else None
        if self._refusal is not None:
            self._write_error(exchange, self._refusal)
        else:
            answer = self._answer() if callable(self._answer) else self._answer
            exchange.answer = orjson.dumps(answer).decode()
            message_id = orjson.dumps(self.frame.message_id).decode()
            self.reply = f"[3,{message_id},{exchange.answer}]"
        batch.work.exchanges.append(exchange)

    def release(self) -> None:
        self.connection.answered(self)

    def fail(self, error: Exception) -> None:
        exchange = self._exchange()
        self._write_error(exchange, FAILED)
        self.connection.note(exchange)
        self.connection.answered(self)

    def _exchange(self) -> Exchange:
        return Exchange(
            station_id=self.connection.station_id,
            connection=self.connection.token,
            direction=Direction.IN,
            action=self.frame.action,
            message_id=str(self.frame.message_id)[:36],
            payload=payload_text(self.text, self.frame),
            received_at=self.received_at,
        )

    def _write_error(self, exchange: Exchange, refusal: CallRefused) -> None:
        version = self.connection.version
        exchange.outcome = Outcome.ERROR
        exchange.error_code = refusal.code.spelling(version)
        exchange.answer = refusal.description
        exchange.payload = exchange.payload[:MAX_TEXT_KEPT]
        self.reply = encode_error(
            self.frame.message_id,
            refusal.code,
            version=version,
            description=refusal.description,
            details=refusal.details,
        )

    def _refusal_of_registration(self, station: StationFacts) -> CallRefused | None:
        """OCPP 2.0.1 B02.FR.09, B03.FR.07; OCPP 1.6 answers a held station and keeps its words."""
        if station.registration is RegistrationStatus.ACCEPTED:
            return None
        action = self.frame.action
        if action == "BootNotification":
            return None
        if station.registration is RegistrationStatus.PENDING and (
            self.connection.version is OcppVersion.V16 or action in PENDING_201
        ):
            return None
        return CallRefused(ErrorCode.SECURITY_ERROR, "the station is not accepted yet")


class JobItem:
    """A function of the node that writes: it runs alone, in a transaction of its own.

    `done` gets its result; it is cancelled when the node ends before.
    """

    def __init__(self, job: Callable[[datetime], Any], done: asyncio.Future[Any]) -> None:
        self.job = job
        self.result: Any = None
        self._done = done

    def release(self) -> None:
        if not self._done.done():
            self._done.set_result(self.result)

    def fail(self, error: Exception) -> None:
        if not self._done.done():
            self._done.set_exception(error)


def payload_text(text: str, call: Call) -> str:
    """Return the payload of a CALL as it was written in its frame."""
    action = f'"{call.action}"'
    at = text.find(action)
    if at < 0:  # written with escapes
        return orjson.dumps(call.payload).decode()
    return text[text.find("{", at + len(action)) : text.rfind("}") + 1]
