"""Uvicorn's websocket with what it lacks: draining, closing with 1001, quiet about faults."""

import asyncio
from collections.abc import Awaitable, Callable
from typing import Any

from uvicorn.config import Config
from uvicorn.protocols.websockets.websockets_sansio_impl import WebSocketsSansIOProtocol
from uvicorn.server import ServerState

from config.serving.inbox import Inbox

GOING_AWAY = 1001
INVALID_PAYLOAD = 1007
CLOSE_TIMEOUT_S = 5.0
DRAIN = "drain"
"""Key in the lifespan state under which the node's drain is found."""


class DrainingWebSocketProtocol(WebSocketsSansIOProtocol):
    """One websocket under uvicorn."""

    def __init__(
        self,
        config: Config,
        server_state: ServerState,
        app_state: dict[str, Any],
        _loop: asyncio.AbstractEventLoop | None = None,
    ) -> None:
        super().__init__(config, server_state, app_state, _loop)
        self.queue = Inbox()  # type: ignore[assignment]  # put_nowait, get and empty are what is used
        self.close_timeout = CLOSE_TIMEOUT_S
        self.farewell: asyncio.Task[None] | None = None

    def data_received(self, data: bytes) -> None:
        if self.conn.parser_exc is None or not self.close_sent:
            super().data_received(data)

    def send_receive_event_to_app(self) -> None:
        if self.curr_msg_data_type == "text" and not _is_text(self.frames):
            self.frames = []
            self.conn.fail(INVALID_PAYLOAD, "text is not UTF-8")
            self.handle_parser_exception()
        else:
            super().send_receive_event_to_app()

    def handle_parser_exception(self) -> None:
        """
        Send the close frame that says what is wrong; listen to nothing but the connection's end.

        Closing at once, with unread bytes, makes the kernel reset the connection, and the peer
        never sees why.
        """
        close = self.conn.close_sent
        assert close is not None  # noqa: S101 - narrows the type; a failed connection has sent it
        self.queue.put_nowait(
            {"type": "websocket.disconnect", "code": close.code, "reason": close.reason}
        )
        self.close_sent = True
        self.stop_keepalive()
        self.transport.write(b"".join(self.conn.data_to_send()))
        self.transport.write_eof()
        self.transport.resume_reading()
        self.close_timer = self.loop.call_later(self.close_timeout, self.transport.abort)

    def shutdown(self) -> None:
        """Uvicorn stops: answer what was taken in while the socket is open, then close it."""
        drain = self.app_state.get(DRAIN)
        if drain is None or self.close_sent or not self.handshake_complete:
            super().shutdown()
        else:
            self.farewell = self.loop.create_task(self._go_away(drain))

    async def _go_away(self, drain: Callable[[], Awaitable[None]]) -> None:
        try:
            await drain()
        finally:
            self.stop_keepalive()
            if not (self.close_sent or self.disconnected):
                await self.send({"type": "websocket.close", "code": GOING_AWAY, "reason": ""})


def _is_text(frames: list[bytes]) -> bool:
    try:
        b"".join(frames).decode()
    except UnicodeDecodeError:
        return False
    return True
