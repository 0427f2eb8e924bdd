"""The HTTP answer to a refused websocket handshake (ASGI's `websocket.http.response`)."""

from collections.abc import Iterable
from dataclasses import dataclass
from http import HTTPStatus

from config.serving.asgi_types import Event

START = "websocket.http.response.start"
BODY = "websocket.http.response.body"


@dataclass(slots=True)
class Denial:
    """Status, headers and what has come of the body."""

    status: int
    headers: tuple[tuple[bytes, bytes], ...] = ()
    body: bytes = b""

    @classmethod
    def started(cls, event: Event) -> "Denial":
        """Raises ValueError for a header that would break out of its line."""
        headers = tuple((bytes(name), bytes(value)) for name, value in event.get("headers", ()))
        if any(b"\r" in part or b"\n" in part for header in headers for part in header):
            raise ValueError("header contains a line break, expected a single line")
        return cls(int(event["status"]), headers)

    def as_bytes(self) -> bytes:
        """The whole response; the connection ends after it."""
        lines = [f"HTTP/1.1 {self.status} {_phrase(self.status)}".encode()]
        lines += [name + b": " + value for name, value in self._all_headers()]
        return b"\r\n".join([*lines, b"", self.body])

    def _all_headers(self) -> Iterable[tuple[bytes, bytes]]:
        named = {name.lower() for name, _ in self.headers}
        yield from self.headers
        if b"content-length" not in named:
            yield b"content-length", str(len(self.body)).encode()
        if b"content-type" not in named:
            yield b"content-type", b"text/plain; charset=utf-8"
        yield b"connection", b"close"


def _phrase(status: int) -> str:
    try:
        return HTTPStatus(status).phrase
    except ValueError:
        return "Refused"
