"""Health for those who watch the process: /healthz, /readyz and /metrics.

They stand before Django, so that a busy thread, a host name or the redirect to HTTPS does not make
a healthy process look ill.
"""

import hmac
import ipaddress
from collections.abc import Mapping
from http import HTTPStatus
from time import monotonic

import orjson
from prometheus_client import CONTENT_TYPE_LATEST

from config.health.metrics import metrics
from config.health.readiness import readiness
from config.serving.asgi_types import Application, Receive, Scope, Send
from stations.ocpp.node import Node

JSON = "application/json"
TEXT = "text/plain; charset=utf-8"
# What proxies add: behind one, every caller seems to be on this machine.
PROXY_HEADERS = (b"forwarded", b"x-forwarded-for", b"x-real-ip")

Answer = tuple[HTTPStatus, str, bytes]


def health(node: Node, otherwise: Application, *, metrics_token: str = "") -> Application:
    """Return an application that answers for health, and leaves other addresses to `otherwise`."""
    started_s = monotonic()

    async def application(scope: Scope, receive: Receive, send: Send) -> None:
        match scope["path"]:
            case "/healthz":
                await _send(send, (HTTPStatus.OK, JSON, b'{"alive":true}'))
            case "/readyz":
                await _send(send, await _ready(node, up_s=monotonic() - started_s))
            case "/metrics":
                await _send(send, await _metrics(node, scope, metrics_token))
            case _:
                await otherwise(scope, receive, send)

    return application


async def _ready(node: Node, *, up_s: float) -> Answer:
    faults = await readiness(node, up_s=up_s)
    is_ready = not any(faults.values())
    checks = {name: fault or "ok" for name, fault in faults.items()}
    status = HTTPStatus.OK if is_ready else HTTPStatus.SERVICE_UNAVAILABLE
    return status, JSON, orjson.dumps({"ready": is_ready, "checks": checks})


async def _metrics(node: Node, scope: Scope, token: str) -> Answer:
    if not may_read_metrics(scope, token):
        text = b"Metrics are for this machine, or for who sends METRICS_TOKEN as a bearer token.\n"
        return HTTPStatus.FORBIDDEN, TEXT, text
    return HTTPStatus.OK, CONTENT_TYPE_LATEST, await metrics(node)


def may_read_metrics(scope: Scope, token: str) -> bool:
    """Say whether the caller is on this machine, not behind a proxy, or knows the token."""
    headers: Mapping[bytes, bytes] = dict(scope["headers"])
    if token and hmac.compare_digest(
        headers.get(b"authorization", b""), b"Bearer " + token.encode()
    ):
        return True
    if any(name in headers for name in PROXY_HEADERS):
        return False
    host = (scope.get("client") or ("",))[0]
    try:
        return ipaddress.ip_address(host).is_loopback
    except ValueError:
        return False


async def _send(send: Send, answer: Answer) -> None:
    status, content_type, body = answer
    headers = [
        (b"content-type", content_type.encode()),
        (b"content-length", str(len(body)).encode()),
        (b"cache-control", b"no-store"),
    ]
    await send({"type": "http.response.start", "status": status.value, "headers": headers})
    await send({"type": "http.response.body", "body": body})
