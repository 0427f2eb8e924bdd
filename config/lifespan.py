"""Starts and drains the node with the server process (ASGI lifespan; uvicorn speaks it)."""

import asyncio
import logging
from collections.abc import Awaitable, Callable, Coroutine

from config.serving.asgi_types import Application, Event, Receive, Scope, Send
from config.serving.node import Node
from config.serving.process import settle_memory
from config.serving.sansio import DRAIN

FAILED = "lifespan.startup.failed"

logger = logging.getLogger(__name__)


def lifespan(node: Node) -> Application:
    """An application for the scope type "lifespan"; it drains once, whoever else awaits that."""
    drain = _once(node.drain)

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        await receive()
        outcome = await _started(node)
        await send(outcome)
        if outcome["type"] == FAILED:
            return
        scope["state"][DRAIN] = drain
        await receive()
        await send(await _drained(drain))

    return application


def _once(action: Callable[[], Coroutine[None, None, None]]) -> Callable[[], Awaitable[None]]:
    task: asyncio.Task[None] | None = None

    async def run() -> None:
        nonlocal task
        if task is None:
            task = asyncio.create_task(action())
        await asyncio.shield(task)

    return run


async def _started(node: Node) -> Event:
    try:
        await node.start()
    except Exception as fault:
        logger.exception("node did not start")
        return {"type": FAILED, "message": str(fault)}
    settle_memory()
    return {"type": "lifespan.startup.complete"}


async def _drained(drain: Callable[[], Awaitable[None]]) -> Event:
    try:
        await drain()
    except Exception as fault:
        logger.exception("node did not drain")
        return {"type": "lifespan.shutdown.failed", "message": str(fault)}
    return {"type": "lifespan.shutdown.complete"}
