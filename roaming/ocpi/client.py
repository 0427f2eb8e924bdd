"""Requests to a partner in OCPI: tokens and ids go out, envelopes come back."""

from dataclasses import dataclass
from typing import Any

from roaming.gateway.client import HttpClient
from roaming.gateway.connections import UnreachableError
from roaming.ocpi.envelope import Envelope, encoded, opened
from roaming.ocpi.headers import Route, request_headers

_SHOWN_CHARACTERS = 120


@dataclass(frozen=True, slots=True)
class Reply:
    """What came of a request; no HTTP status: nothing usable came back at all.

    `error` is empty where the partner said success, both in HTTP and in OCPI.
    """

    http_status: int | None
    envelope: Envelope | None
    error: str

    @property
    def data(self) -> Any:
        """Return the data of the envelope, None where there is no envelope."""
        return self.envelope.data if self.envelope is not None else None

    @property
    def code(self) -> int | None:
        """Return the OCPI status code, None where there is no envelope."""
        return self.envelope.code if self.envelope is not None else None


@dataclass(frozen=True, slots=True)
class OcpiClient:
    """Speaks to one partner with one token; may be shared by threads."""

    http: HttpClient
    token: str
    encoding: str

    def request(
        self, method: str, url: str, content: Any = None, *, route: Route | None = None
    ) -> Reply:
        """Send a request with `content` as its body; it never raises for what a partner does."""
        headers = request_headers(self.token, encoding=self.encoding, route=route)
        body = encoded(content) if content is not None else None
        try:
            answer = self.http.request(method, url, headers=headers, body=body)
        except UnreachableError as error:
            return Reply(None, None, str(error))
        try:
            envelope = opened(answer.body)
        except ValueError:
            return Reply(answer.status, None, _unreadable(answer.status, answer.body))
        if answer.status // 100 == 2 and envelope.is_success:
            return Reply(answer.status, envelope, "")
        said = envelope.message[:_SHOWN_CHARACTERS]
        return Reply(
            answer.status,
            envelope,
            f"HTTP {answer.status}, OCPI {envelope.code}{': ' if said else ''}{said}",
        )


def _unreadable(status: int, body: bytes) -> str:
    start = " ".join(body[:_SHOWN_CHARACTERS].decode(errors="replace").replace("\0", " ").split())
    return f"HTTP {status} without an OCPI envelope{': ' if start else ''}{start}"
