"""The way out to partners: one HTTP request at a time, with limits to all that may come back."""

from collections.abc import Mapping
from dataclasses import dataclass
from http.cookiejar import DefaultCookiePolicy
from types import TracebackType
from typing import Self
from urllib.parse import urljoin, urlsplit

import requests
from urllib3.exceptions import HTTPError, ReadTimeoutError

from roaming.gateway import deadlines
from roaming.gateway.connections import CONNECT_TIMEOUT_S, CheckedAdapter, UnreachableError

MAX_BODY_BYTES = 10 * 1024 * 1024
MAX_REDIRECTS = 3
_CHUNK_BYTES = 65_536
_REDIRECTS = frozenset({301, 302, 303, 307, 308})


@dataclass(frozen=True, slots=True)
class HttpAnswer:
    """What came back: the status, the headers by lower-case name, and the whole body."""

    status: int
    headers: Mapping[str, str]
    body: bytes


class HttpClient:
    """Keeps connections to one partner alive; may be shared by the threads that serve it."""

    def __init__(self, *, connections: int = 1) -> None:
        self._session = requests.Session()
        self._session.trust_env = False  # neither proxies nor passwords from the environment
        self._session.cookies.set_policy(DefaultCookiePolicy(allowed_domains=[]))
        for scheme in ("http://", "https://"):
            self._session.mount(scheme, CheckedAdapter(pool_maxsize=connections))

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self,
        kind: type[BaseException] | None,
        error: BaseException | None,
        trace: TracebackType | None,
    ) -> None:
        self._session.close()

    def request(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None = None
    ) -> HttpAnswer:
        """Send one request and return its answer, whatever its status.

        A GET follows redirects within its own host. Raises UnreachableError: no connection, no
        answer in time, a private address, a redirect elsewhere, a body above 10 MiB.
        """
        for _ in range(MAX_REDIRECTS + 1):
            answer = self._exchange(method, url, headers=headers, body=body)
            if answer.status not in _REDIRECTS:
                return answer
            url = _next_url(method, url, answer)
        raise UnreachableError(f"{_host(url)} redirects more than {MAX_REDIRECTS} times.")

    def _exchange(
        self, method: str, url: str, *, headers: Mapping[str, str], body: bytes | None
    ) -> HttpAnswer:
        if not url.startswith(("http://", "https://")) or not _host(url):
            raise UnreachableError(f"{url[:200]!r} is no http or https address.")
        try:
            with self._session.request(
                method,
                url,
                headers=dict(headers),
                data=body,
                timeout=(CONNECT_TIMEOUT_S, deadlines.WHOLE_ANSWER_S),
                allow_redirects=False,
                stream=True,
            ) as response:
                names = {name.lower(): value for name, value in response.headers.items()}
                return HttpAnswer(response.status_code, names, _read(response))
        except (requests.RequestException, HTTPError, ValueError, OSError) as error:
            raise UnreachableError(f"{_host(url)} {_reason(error)}.") from error


def _next_url(method: str, url: str, answer: HttpAnswer) -> str:
    target = urljoin(url, answer.headers.get("location", ""))
    is_downgrade = url.startswith("https:") and not target.startswith("https:")
    if method != "GET" or _host(target) != _host(url) or is_downgrade:
        raise UnreachableError(
            f"{_host(url)} redirects {method} to {target[:200]!r}, which is not followed."
        )
    return target


def _host(url: str) -> str:
    try:
        return urlsplit(url).hostname or ""
    except ValueError:
        return ""


def _read(response: requests.Response) -> bytes:
    body = bytearray()
    for chunk in response.iter_content(_CHUNK_BYTES):
        body += chunk
        if len(body) > MAX_BODY_BYTES:
            raise ValueError(f"sent an answer larger than {MAX_BODY_BYTES} bytes")
    return bytes(body)


def _is_late(error: Exception) -> bool:
    """Say whether the deadline passed inside the body, which requests takes for a lost line."""
    return bool(error.args) and isinstance(error.args[0], ReadTimeoutError)


def _reason(error: Exception) -> str:
    if isinstance(error, requests.ConnectTimeout):
        return f"accepted no connection within {CONNECT_TIMEOUT_S} s"
    if isinstance(error, requests.Timeout) or _is_late(error):
        return f"did not answer within {deadlines.WHOLE_ANSWER_S} s"
    if isinstance(error, requests.exceptions.SSLError):
        return "has no certificate that can be trusted"
    if isinstance(error, requests.ConnectionError):
        return "could not be reached"
    return str(error)[:300]
