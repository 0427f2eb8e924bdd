"""Serve with daphne in this process's main thread: the server of the embedded size."""

from __future__ import annotations

import asyncio
import logging
from collections.abc import Callable
from typing import Any

from daphne.server import Server, twisted_loop
from twisted.internet import defer
from twisted.logger import (
    FilteringLogObserver,
    LogLevel,
    LogLevelFilterPredicate,
    STDLibLogObserver,
    globalLogPublisher,
)

from config.serving.asgi_types import Application
from config.serving.inbox import Inbox
from config.serving.node import Node
from config.serving.process import settle_memory
from config.serving.websocket import BoundedWebSocketProtocol
from config.serving.wire import MAX_MESSAGE_BYTES

BACKLOG_CONNECTIONS = 4096
PING_INTERVAL_S = 60
PING_TIMEOUT_S = 50
"""Below the interval: daphne forgets an unanswered ping when it sends the next one."""
HANDSHAKE_TIMEOUT_S = 30
"""Ten thousand stations reconnecting at once wait their turn for some seconds."""
CLOSE_TIMEOUT_S = 5
LEAVE_TIMEOUT_S = 10
"""Each for the node to answer what it took in, and for applications to end with their sockets."""
GOING_AWAY = 1001

logger = logging.getLogger(__name__)


class GracefulServer(Server):
    """Daphne's server, which takes leave of its node and its peers before it ends."""

    def __init__(
        self, application: Application, *, endpoint: str, node: Node, ready: Callable[[str], None]
    ) -> None:
        super().__init__(
            application,
            endpoints=[endpoint],
            websocket_timeout=-1,
            websocket_connect_timeout=HANDSHAKE_TIMEOUT_S,
            websocket_handshake_timeout=HANDSHAKE_TIMEOUT_S,
            websocket_max_message_size=MAX_MESSAGE_BYTES,
            websocket_max_frame_size=MAX_MESSAGE_BYTES,
            ping_interval=PING_INTERVAL_S,
            ping_timeout=PING_TIMEOUT_S,
            server_name="",
            ready_callable=self._get_ready,
        )
        self.node = node
        self.ready = ready
        self.ports: list[Any] = []

    def _get_ready(self) -> None:
        """Runs between listening and the first connection."""
        self.ws_factory.protocol = BoundedWebSocketProtocol
        self.ws_factory.setProtocolOptions(failByDrop=False, closeHandshakeTimeout=CLOSE_TIMEOUT_S)
        BoundedWebSocketProtocol.take_options(self.ws_factory)
        _log_faults_of_twisted()
        host, port = self.listening_addresses[0]
        self.ready(f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}")

    def listen_success(self, port: Any) -> None:
        self.ports.append(port)
        super().listen_success(port)

    def create_application(self, protocol: Any, scope: dict[str, Any]) -> Any:
        if scope["type"] != "websocket":
            return super().create_application(protocol, scope)
        scope["asgi"] = {"version": "3.0", "spec_version": "2.4"}
        scope["extensions"] = {"websocket.http.response": {}}
        inbox = Inbox(on_room=protocol.resume_reading)
        task = asyncio.ensure_future(self.application(scope, inbox.get, protocol.send))
        task.add_done_callback(protocol.application_ended)
        self.connections[protocol]["application_instance"] = task
        return inbox

    def kill_all_applications(self) -> Any:
        """The reactor calls this when told to stop, and waits for the result."""
        return defer.Deferred.fromFuture(asyncio.ensure_future(self._take_leave()))

    async def _take_leave(self) -> None:
        """Let nobody in, answer what was asked, close sockets, end applications."""
        for port in self.ports:
            port.stopListening()
        try:
            await asyncio.wait_for(self.node.drain(), LEAVE_TIMEOUT_S)
        except Exception:
            logger.exception("node did not drain, closing its sockets all the same")
        for protocol in list(self.connections):
            if isinstance(protocol, BoundedWebSocketProtocol):
                protocol.serverClose(GOING_AWAY)
        await self._end_applications()

    async def _end_applications(self) -> None:
        found = [details.get("application_instance") for details in self.connections.values()]
        running = [task for task in found if task is not None and not task.done()]
        if not running:
            return
        _, late = await asyncio.wait(running, timeout=LEAVE_TIMEOUT_S)
        for task in late:
            task.cancel()
        await asyncio.gather(*late, return_exceptions=True)


def run_daphne(
    application: Application,
    *,
    host: str,
    port: int,
    node: Node,
    ready: Callable[[str], None] = print,
) -> None:
    """
    Serve until SIGTERM or SIGINT; `ready` is called with the URL when connections are accepted.

    The node starts in the loop that will serve it, before anybody can connect.
    Raises OSError when the address cannot be listened on.
    """
    interface = host.replace(":", r"\:")
    endpoint = f"tcp:port={port}:interface={interface}:backlog={BACKLOG_CONNECTIONS}"
    server = GracefulServer(application, endpoint=endpoint, node=node, ready=ready)
    asyncio.set_event_loop(twisted_loop)
    twisted_loop.run_until_complete(node.start())
    settle_memory()
    server.run()
    if not server.ports:
        twisted_loop.run_until_complete(node.drain())
        raise OSError(f"cannot listen on {host} port {port}")


def _log_faults_of_twisted() -> None:
    """Daphne silences Twisted altogether; exceptions in its callbacks are to be seen."""
    standard: Any = STDLibLogObserver("twisted")
    only_critical: Any = LogLevelFilterPredicate(defaultLogLevel=LogLevel.critical)
    observer: Any = FilteringLogObserver(standard, [only_critical])
    globalLogPublisher.addObserver(observer)
