"""An application that the servers' tests talk to over real sockets, and the node behind it."""

import asyncio
import json
import sys

from config.lifespan import lifespan


def tell(*words):
    sys.stdout.write(" ".join(map(str, words)) + "\n")
    sys.stdout.flush()


class ProbeNode:
    """Answers the frames of `/late` only when it is drained."""

    def __init__(self):
        self.is_started = False
        self.draining = asyncio.Event()
        self.is_settled = asyncio.Event()
        self.is_settled.set()

    async def start(self):
        self.is_started = True

    async def drain(self):
        self.draining.set()
        await self.is_settled.wait()
        tell("drained")


node = ProbeNode()
released = asyncio.Event()
receivers = []


async def application(scope, receive, send):
    if scope["type"] == "lifespan":
        await lifespan(node)(scope, receive, send)
    elif scope["type"] == "http":
        await answer(scope["path"], send)
    else:
        assert (await receive())["type"] == "websocket.connect"
        await SOCKETS[scope["path"].split("/")[1]](scope, receive, send)


async def answer(path, send):
    if path == "/release":
        released.set()
    owner = receivers[-1].__self__ if receivers else ()
    facts = {"started": node.is_started, "queued": len(getattr(owner, "queue", owner))}
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": json.dumps(facts).encode()})


async def echo(scope, receive, send):
    protocol = next(iter(scope["subprotocols"]), None)
    await send({"type": "websocket.accept", "subprotocol": protocol})
    while (event := await receive())["type"] == "websocket.receive":
        data = {name: event[name] for name in ("text", "bytes") if event.get(name) is not None}
        await send({"type": "websocket.send", **data})
    tell("closed", event["code"])


async def refuse(scope, receive, send):
    status = int(scope["path"].rsplit("/", 1)[1])
    assert "websocket.http.response" in scope["extensions"]
    headers = [(b"www-authenticate", b'Basic realm="stations"')] if status == 401 else []
    start = {"type": "websocket.http.response.start", "status": status, "headers": headers}
    await send(start)
    await send({"type": "websocket.http.response.body", "body": b"no ", "more_body": True})
    await send({"type": "websocket.http.response.body", "body": b"entry"})
    tell("refused", (await receive())["type"])


async def close_early(scope, receive, send):
    await send({"type": "websocket.close"})


async def close_with_code(scope, receive, send):
    await send({"type": "websocket.accept"})
    code = int(scope["path"].rsplit("/", 1)[1])
    await send({"type": "websocket.close", "code": code, "reason": "enough"})
    await receive()


async def leave(scope, receive, send):
    await send({"type": "websocket.accept"})


async def fail(scope, receive, send):
    raise RuntimeError("the application is broken")


async def wait_and_count(scope, receive, send):
    """Reads nothing until `/release` is asked for, then tells the numbers it got."""
    receivers.append(receive)
    await send({"type": "websocket.accept"})
    await released.wait()
    numbers = []
    while (event := await receive())["type"] == "websocket.receive":
        if event["text"] == "end":
            await send({"type": "websocket.send", "text": json.dumps(numbers)})
        else:
            numbers.append(int(event["text"].split()[0]))


async def answer_late(scope, receive, send):
    await send({"type": "websocket.accept"})
    event = await receive()
    node.is_settled.clear()
    await send({"type": "websocket.send", "text": "taken"})
    await node.draining.wait()
    await send({"type": "websocket.send", "text": event["text"]})
    node.is_settled.set()
    tell("closed", (await receive())["code"])


SOCKETS = {
    "ocpp": echo,
    "refuse": refuse,
    "close-early": close_early,
    "close": close_with_code,
    "leave": leave,
    "fail": fail,
    "wait": wait_and_count,
    "late": answer_late,
}
