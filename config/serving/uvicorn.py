"""Serve with uvicorn in one or more processes: the server for large fleets."""

import signal
from collections.abc import Callable
from socket import socket

from uvicorn.config import Config
from uvicorn.server import Server
from uvicorn.supervisors import Multiprocess

from config.serving.sansio import DrainingWebSocketProtocol
from config.serving.wire import MAX_MESSAGE_BYTES

BACKLOG_CONNECTIONS = 4096
PING_INTERVAL_S = 60
PING_TIMEOUT_S = 60
LEAVE_TIMEOUT_S = 10
START_TIMEOUT_S = 60


class AnnouncingServer(Server):
    """One serving process that says when it is ready."""

    def __init__(self, config: Config, ready: Callable[[str], None]) -> None:
        super().__init__(config)
        self.ready = ready

    async def startup(self, sockets: list[socket] | None = None) -> None:
        await super().startup(sockets)
        if self.started:
            self.ready(_url(self.servers[0].sockets[0]))


class AnnouncingSupervisor(Multiprocess):
    """Several serving processes; says when all of them are ready."""

    def __init__(self, config: Config, sockets: list[socket], ready: Callable[[str], None]) -> None:
        super().__init__(config, sockets)
        self.ready = ready

    def init_processes(self) -> None:
        super().init_processes()
        if all(process.wait_until_ready(START_TIMEOUT_S) for process in self.processes):
            self.ready(_url(self.sockets[0]))


def run_uvicorn(
    app_path: str, *, host: str, port: int, workers: int, ready: Callable[[str], None] = print
) -> None:
    """
    Serve until SIGTERM or SIGINT; `ready` is called with the URL when connections are accepted.

    `app_path` is "module:attribute", an application that handles lifespan events (`config.lifespan`
    starts and drains the node with them). Raises SystemExit when it cannot start or listen.
    """
    config = uvicorn_config(app_path, host=host, port=port, workers=workers)
    if workers > 1:
        AnnouncingSupervisor(config, [config.bind_socket()], ready).run()
        return
    for number in (signal.SIGTERM, signal.SIGINT):
        signal.signal(number, _stay)  # uvicorn raises the signal anew when it has ended
    AnnouncingServer(config, ready).run()


def uvicorn_config(app_path: str, *, host: str, port: int, workers: int) -> Config:
    """Large fleets: cheap frames, no compression contexts, long queues of new connections."""
    return Config(
        app_path,
        host=host,
        port=port,
        workers=workers,
        loop="uvloop",
        http="httptools",
        ws=DrainingWebSocketProtocol,
        ws_max_size=MAX_MESSAGE_BYTES,
        ws_per_message_deflate=False,
        ws_ping_interval=PING_INTERVAL_S,
        ws_ping_timeout=PING_TIMEOUT_S,
        lifespan="on",
        backlog=BACKLOG_CONNECTIONS,
        timeout_graceful_shutdown=LEAVE_TIMEOUT_S,
        access_log=False,
        log_config=None,
        log_level="warning",
        proxy_headers=False,
        server_header=False,
    )


def _stay(_number: int, _frame: object) -> None:
    """Leave the rest of the process the time to end in its own way."""


def _url(listener: socket) -> str:
    host, port = listener.getsockname()[:2]
    return f"http://[{host}]:{port}" if ":" in host else f"http://{host}:{port}"
