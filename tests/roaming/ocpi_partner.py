"""A small OCPI 2.2.1 platform of an eMSP, written apart from ours, over real HTTP."""

import base64
import json
import secrets
import threading
import urllib.error
import urllib.request
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from types import TracebackType
from typing import Any, Self

from tests.roaming.ocpi_shapes import change_problems, credentials_problems, location_problems

PATIENCE_S = 20


@dataclass(frozen=True)
class Push:
    """One request that we made to the partner's Locations module."""

    method: str
    path: str
    body: Any
    at: datetime


@dataclass
class Reply:
    status: int
    body: Any
    headers: dict[str, str]

    @property
    def code(self) -> Any:
        return self.body["status_code"]

    @property
    def data(self) -> Any:
        return self.body.get("data")


@dataclass
class Behaviour:
    """How the partner misbehaves."""

    fails_with: int = 0
    says_html: bool = False
    redirects_to: str = ""
    ocpi_code: int = 1000
    fails_for: str = ""
    gate: threading.Event | None = None
    versions: list[str] = field(default_factory=lambda: ["2.1.1", "2.2.1"])
    modules: list[tuple[str, str]] = field(
        default_factory=lambda: [
            ("credentials", "SENDER"),
            ("locations", "RECEIVER"),
            ("tokens", "SENDER"),
        ]
    )


class OcpiPartner:
    """Listens on a free port of 127.0.0.1; use it as a context manager."""

    def __init__(self) -> None:
        self.behaviour = Behaviour()
        self.token_a = "token-a-of-the-partner"
        self.tokens = {self.token_a}
        self.our_token = ""
        self.our_versions_url = ""
        self.known_locations: set[str] = set()
        self.pushes: list[Push] = []
        self.problems: list[str] = []
        self.requests = 0
        self.on_credentials: Callable[[], object] = lambda: None
        self.under_way: dict[str, int] = {}
        self.most_at_once = 0
        self._changed = threading.Condition()
        partner = self

        class Handler(_Handler):
            owner = partner

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self._server.daemon_threads = True
        self._thread = threading.Thread(target=self._server.serve_forever, args=(0.01,))

    def __enter__(self) -> Self:
        self._thread.start()
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        if self.behaviour.gate is not None:
            self.behaviour.gate.set()
        self._server.shutdown()
        self._server.server_close()
        self._thread.join()

    @property
    def url(self) -> str:
        return f"http://127.0.0.1:{self._server.server_port}"

    @property
    def versions_url(self) -> str:
        return f"{self.url}/ocpi/versions"

    @property
    def endpoints(self) -> list[dict[str, str]]:
        return [
            {"identifier": module, "role": role, "url": f"{self.url}/ocpi/2.2.1/{module}"}
            for module, role in self.behaviour.modules
        ]

    def wait_for_pushes(self, count: int) -> list[Push]:
        with self._changed:
            assert self._changed.wait_for(lambda: len(self.pushes) >= count, PATIENCE_S)
            return list(self.pushes)

    def wait_for_requests(self, count: int) -> None:
        with self._changed:
            assert self._changed.wait_for(lambda: self.requests >= count, PATIENCE_S)

    def began(self, path: str) -> None:
        with self._changed:
            self.requests += 1
            self.under_way[path] = self.under_way.get(path, 0) + 1
            self.most_at_once = max(self.most_at_once, self.under_way[path])
            self._changed.notify_all()

    def ended(self, path: str) -> None:
        with self._changed:
            self.under_way[path] -= 1

    def note(self, push: Push) -> None:
        with self._changed:
            self.pushes.append(push)
            self._changed.notify_all()

    # As a client of ours

    def ask(
        self, method: str, url: str, body: Any = None, *, token: str | None = None, **headers: str
    ) -> Reply:
        """Send a request to us with the token that we gave, as OCPI 2.2.1 says."""
        text = self.our_token if token is None else token
        coded = base64.b64encode(text.encode()).decode()
        sent = {
            "Authorization": f"Token {coded}",
            "X-Request-ID": secrets.token_hex(8),
            "X-Correlation-ID": secrets.token_hex(8),
            "Content-Type": "application/json",
        } | {name.replace("_", "-"): value for name, value in headers.items()}
        data = None if body is None else json.dumps(body).encode()
        request = urllib.request.Request(url, data=data, method=method, headers=sent)
        try:
            with urllib.request.urlopen(request, timeout=PATIENCE_S) as response:
                return Reply(response.status, json.load(response), dict(response.headers))
        except urllib.error.HTTPError as error:
            with error:
                return Reply(error.code, json.load(error), dict(error.headers))

    def our_endpoint(self, module: str, *, token: str | None = None) -> str:
        versions = self.ask("GET", self.our_versions_url, token=token).data
        details_url = next(each["url"] for each in versions if each["version"] == "2.2.1")
        details = self.ask("GET", details_url, token=token).data
        endpoints = {each["identifier"]: each["url"] for each in details["endpoints"]}
        return str(endpoints[module])

    def credentials(self, token: str) -> dict[str, Any]:
        details = {"name": "Partner mobility"}
        role = {"role": "EMSP", "business_details": details, "party_id": "EMP"}
        roles = [role | {"country_code": "DE"}]
        return {"token": token, "url": self.versions_url, "roles": roles}

    def register_at(self, versions_url: str, token_a: str) -> Reply:
        """Start a registration with us; on success keep the token that we gave."""
        self.our_versions_url = versions_url
        url = self.our_endpoint("credentials", token=token_a)
        return self._exchange_credentials("POST", url, token_a)

    def renew(self) -> Reply:
        return self._exchange_credentials("PUT", self.our_endpoint("credentials"), self.our_token)

    def _exchange_credentials(self, method: str, url: str, token: str) -> Reply:
        token_b = secrets.token_hex(16)
        self.tokens = {token_b}
        reply = self.ask(method, url, self.credentials(token_b), token=token)
        if reply.status == 200 and reply.code == 1000:
            self.problems += credentials_problems(reply.data)
            self.our_token = reply.data["token"]
        return reply


METHODS = ("GET", "POST", "PUT", "PATCH", "DELETE")


class _Handler(BaseHTTPRequestHandler):
    """One request of ours, checked and answered."""

    owner: OcpiPartner
    protocol_version = "HTTP/1.1"
    disable_nagle_algorithm = True

    def _respond(self) -> None:
        length = int(self.headers.get("Content-Length", 0))
        raw = self.rfile.read(length)
        self.owner.began(self.path)
        try:
            self._answer(json.loads(raw) if raw else None)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True
        finally:
            self.owner.ended(self.path)

    def _answer(self, body: Any) -> None:
        behaviour = self.owner.behaviour
        if behaviour.gate is not None:
            behaviour.gate.wait(PATIENCE_S)
        if behaviour.says_html:
            return self._send(200, b"<html>Welcome</html>", "text/html")
        if behaviour.redirects_to:
            return self._send(302, b"", "text/html", Location=behaviour.redirects_to)
        fails_here = not behaviour.fails_for or behaviour.fails_for in self.path
        if behaviour.fails_with and fails_here:
            return self._send(behaviour.fails_with, b"Internal error", "text/plain")
        if self._token() not in self.owner.tokens:
            return self._envelope(401, 2000, None)
        return self._route(body)

    def _token(self) -> str:
        scheme, _, coded = self.headers.get("Authorization", "").partition(" ")
        if scheme != "Token":
            self.owner.problems.append("the Authorization scheme is not Token")
        return base64.b64decode(coded).decode()

    def _route(self, body: Any) -> None:
        owner, path = self.owner, self.path.removeprefix("/ocpi/")
        for name in ("X-Request-ID", "X-Correlation-ID"):
            if name not in self.headers:
                owner.problems.append(f"{self.command} {self.path} has no {name}")
        if path == "versions":
            url = f"{owner.url}/ocpi/"
            rows = [{"version": each, "url": url + each} for each in owner.behaviour.versions]
            return self._envelope(200, 1000, rows)
        if path == "2.2.1":
            details = {"version": "2.2.1", "endpoints": owner.endpoints}
            return self._envelope(200, 1000, details)
        if path == "2.2.1/credentials":
            return self._credentials(body)
        return self._location(path.removeprefix("2.2.1/locations/").split("/"), body)

    def _credentials(self, body: Any) -> None:
        owner = self.owner
        if self.command == "DELETE":
            owner.tokens = set()
            return self._envelope(200, 1000, None)
        owner.problems += credentials_problems(body)
        owner.our_token, owner.our_versions_url = body["token"], body["url"]
        owner.our_endpoint("credentials")
        owner.on_credentials()
        token_c = secrets.token_hex(16)
        owner.tokens = {token_c}
        return self._envelope(200, 1000, owner.credentials(token_c))

    def _location(self, parts: list[str], body: Any) -> None:
        owner = self.owner
        for name in ("from-country-code", "from-party-id", "to-country-code", "to-party-id"):
            if f"OCPI-{name}" not in self.headers:
                owner.problems.append(f"{self.command} {self.path} has no OCPI-{name}")
        country_code, party_id, location_id, *below = parts
        if (self.headers["OCPI-from-country-code"], self.headers["OCPI-from-party-id"]) != (
            country_code,
            party_id,
        ):
            owner.problems.append(f"{self.path} is not of the party that sends it")
        if self.command == "PUT":
            owner.problems += location_problems(body)
            owner.known_locations.add(location_id)
        elif location_id in owner.known_locations:
            owner.problems += change_problems(body)
            assert len(below) == 1
        else:
            return self._envelope(404, 2003, None)
        if owner.behaviour.ocpi_code == 1000:
            owner.note(Push(self.command, self.path, body, datetime.now(tz=UTC)))
        return self._envelope(200, owner.behaviour.ocpi_code, None)

    def _envelope(self, status: int, code: int, data: Any) -> None:
        body = {"status_code": code, "timestamp": "2026-01-01T00:00:00Z"}
        if data is not None:
            body["data"] = data
        self._send(status, json.dumps(body).encode(), "application/json")

    def _send(self, status: int, body: bytes, kind: str, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name, value)
        self.send_header("Content-Type", kind)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, format: str, *args: Any) -> None:
        """Say nothing: tests look at what was recorded."""


for _method in METHODS:
    setattr(_Handler, f"do_{_method}", _Handler._respond)
