"""Daphne's websocket with what it lacks: back-pressure, refusals with a status, close codes."""

from __future__ import annotations

import asyncio
import time
from http import HTTPStatus
from typing import TYPE_CHECKING, Any

from autobahn.twisted.websocket import WebSocketServerFactory
from daphne.ws_protocol import WebSocketProtocol

from config.serving.asgi_types import Event
from config.serving.denial import BODY, START, Denial
from config.serving.wire import BINARY, TEXT, data_frame, simple_frame, unmasked

if TYPE_CHECKING:
    from config.serving.inbox import Inbox

MAX_HANDSHAKE_BYTES = 64 * 1024
"""What a peer may send before its handshake is answered; Twisted allows requests of this size."""

NORMAL_CLOSURE = 1000
NO_STATUS_RECEIVED = 1005
INTERNAL_ERROR = 1011


class BoundedWebSocketProtocol(WebSocketProtocol):
    """
    One websocket under daphne.

    Whole data messages, nearly all traffic, are read and written here without autobahn's state
    machine; control frames, fragments and faults go its way. Reading stops while the application
    is behind by more than the inbox's high water, or while the peer does not take its answers.
    """

    CONFIG_ATTRS: tuple[str, ...] = ()  # options are class attributes, not copied to each socket
    server: Any = None
    application_queue: Inbox | None = None
    current_frame: Any = None
    inside_message = False
    data: bytes
    message_data: list[bytes] | None
    _denial: Denial | None = None
    _is_gone = False
    _peer_is_slow = False

    __hash__ = object.__hash__
    __eq__ = object.__eq__

    @classmethod
    def take_options(cls, factory: WebSocketServerFactory) -> None:
        """Make the factory's options those of every socket, before the first one connects."""
        for name in WebSocketProtocol.CONFIG_ATTRS:
            setattr(cls, name, getattr(factory, name))

    # The transport: bytes in, and its wish that we pause or go on.

    def connectionMade(self) -> None:
        super().connectionMade()
        self.transport.unregisterProducer()  # the HTTP channel, which would resume a paused socket
        self.transport.registerProducer(self, True)

    def pauseProducing(self) -> None:
        self._peer_is_slow = True
        self.transport.pauseProducing()

    def resumeProducing(self) -> None:
        self._peer_is_slow = False
        self.resume_reading()

    def stopProducing(self) -> None:
        """The connection is lost; `onClose` follows."""

    def resume_reading(self) -> None:
        """Go on where `is_full` stopped us: first with the bytes that were read already."""
        self.consumeData()
        if not self._must_wait() and not self._peer_is_slow:
            self.transport.resumeProducing()

    def dataReceived(self, data: bytes) -> None:
        if self.failedByMe:
            return  # our close frame is under way; closing with unread bytes would destroy it
        self.data = self.data + data if self.data else data
        self.consumeData()

    # Inbound messages.

    def consumeData(self) -> None:
        if self.state == self.STATE_CONNECTING:
            self._consume_handshake()
            return
        while not self._must_wait():
            if self._is_between_messages() and not self._take_simple_messages():
                return
            if self._must_wait() or not self.processData():
                return

    def _consume_handshake(self) -> None:
        if len(self.data) > MAX_HANDSHAKE_BYTES:
            self.transport.abortConnection()
        elif self.application_queue is None:
            super().consumeData()

    def _must_wait(self) -> bool:
        if self.state == self.STATE_OPEN:
            return self.application_queue is not None and self.application_queue.is_full
        return bool(self.failedByMe or self.state == self.STATE_CLOSED)

    def _is_between_messages(self) -> bool:
        return (
            self.state == self.STATE_OPEN and self.current_frame is None and not self.inside_message
        )

    def _take_simple_messages(self) -> bool:
        """Hand over the whole messages at hand; False when the rest of one has yet to arrive."""
        data, start, is_whole = self.data, 0, True
        while not self._must_wait() and (frame := simple_frame(data, start)) is not None:
            begin, end = frame
            if end > len(data):
                is_whole = False
                break
            self.onMessage(unmasked(data, begin, end), data[start] & 0x0F == BINARY)
            start = end
        self.data = data[start:]
        return is_whole

    def onMessage(self, payload: bytes, isBinary: bool) -> None:
        if self.state != self.STATE_OPEN or self.application_queue is None:
            return
        event: Event = {"type": "websocket.receive"}
        if isBinary:
            event["bytes"] = payload
        else:
            try:
                event["text"] = payload.decode()
            except UnicodeDecodeError:
                self._invalid_payload("text is not UTF-8")
                return
        self.last_ping = time.time()
        if self.autoPingTimeoutCall:
            self._cancelAutoPingTimeoutCall()
        self.application_queue.put_nowait(event)
        if self.application_queue.is_full:
            self.transport.pauseProducing()

    def onMessageEnd(self) -> None:
        if not self.failedByMe and self.message_data is not None:
            self.onMessage(b"".join(self.message_data), self.message_is_binary)
        self.message_data = None

    # Outbound events.

    async def send(self, event: Event) -> None:
        """The `send` of the application; a socket that is gone swallows everything."""
        kind = event["type"]
        if kind == "websocket.send" and self.state != self.STATE_CONNECTING:
            self._send_message(event)
        elif self._is_gone:
            return
        elif kind in (START, BODY):
            self._deny(event)
        elif kind == "websocket.close" and self.state != self.STATE_CONNECTING:
            self.serverClose(event.get("code"), event.get("reason"))
        else:
            self.handle_reply(event)

    def _send_message(self, event: Event) -> None:
        if self.state != self.STATE_OPEN:
            return
        text = event.get("text")
        if text is not None:
            self._write(data_frame(TEXT, text.encode()))
        else:
            self._write(data_frame(BINARY, event["bytes"]))

    def _write(self, frame: bytes) -> None:
        """
        To the socket at once if nothing waits before it, which halves the cost of an echo.

        Twisted's own `write` waits for the next turn of the reactor and changes the poll set twice.
        """
        transport = self.transport
        if not transport.dataBuffer and not transport._tempDataBuffer:
            written = transport.writeSomeData(frame)
            if isinstance(written, int):
                frame = frame[written:]
        if frame:
            transport.write(frame)

    def _deny(self, event: Event) -> None:
        if self.state != self.STATE_CONNECTING:
            raise RuntimeError("handshake was answered already, expected a refusal before that")
        if event["type"] == START:
            self._denial = Denial.started(event)
            return
        if self._denial is None:
            raise RuntimeError(f"got {BODY}, expected {START} before it")
        self._denial.body += event.get("body", b"")
        if not event.get("more_body", False):
            self._refuse(self._denial)

    def _refuse(self, denial: Denial) -> None:
        self.wasNotCleanReason = "handshake refused"
        self.transport.write(denial.as_bytes())
        self.dropConnection()

    # Closing.

    def serverClose(self, code: int | None = None, reason: str | None = None) -> None:
        """Start the closing handshake; with any code, while autobahn knows 1000 and 3000 up."""
        if self.state != self.STATE_OPEN:
            return
        self.sendCloseFrame(code or NORMAL_CLOSURE, (reason or "").encode()[:120])
        self.resume_reading()

    def _fail_connection(self, code: int = 1001, reason: str = "") -> None:
        """Say what is wrong, then listen to nothing but the end of the connection."""
        if self.state != self.STATE_OPEN:
            self.dropConnection(abort=True)
            return
        self.failedByMe = True
        self.data = b""
        self.sendCloseFrame(code, reason.encode()[:120])
        self.transport.loseWriteConnection()

    def _protocol_violation(self, reason: str) -> bool:
        super()._protocol_violation(reason)
        return True

    def _invalid_payload(self, reason: str) -> bool:
        super()._invalid_payload(reason)
        return True

    def _closeConnection(self, abort: bool = False) -> None:
        super()._closeConnection(abort and not self.wasClean)

    def onAutoPingTimeout(self) -> None:
        if self._must_wait():
            self.autoPingTimeoutCall = None  # the pong may well lie among what we do not read
        else:
            super().onAutoPingTimeout()

    def application_ended(self, task: asyncio.Task[None]) -> None:
        """Nobody answers this socket any more; daphne's checker looks after those that raised."""
        if task.cancelled() or task.exception() is not None or self._is_gone:
            return
        if self.state == self.STATE_CONNECTING:
            self._refuse(Denial(HTTPStatus.INTERNAL_SERVER_ERROR))
        else:
            self.serverClose()

    def handle_exception(self, exception: Exception) -> None:
        """The application raised; the checker has logged it."""
        if self.state == self.STATE_CONNECTING:
            self._refuse(Denial(HTTPStatus.INTERNAL_SERVER_ERROR))
        else:
            self.serverClose(INTERNAL_ERROR)

    def onClose(self, wasClean: bool, code: int | None, reason: str | None) -> None:
        self._is_gone = True
        if self.application_queue is None:
            return  # the handshake was faulty; no application knows of it
        self.server.protocol_disconnected(self)
        if self.failedByMe:
            code = self.localCloseCode
        self.application_queue.put_nowait(
            {
                "type": "websocket.disconnect",
                "code": code or NO_STATUS_RECEIVED,
                "reason": reason or "",
            }
        )
