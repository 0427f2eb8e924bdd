import ipaddress
import threading
import time
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest

from roaming.gateway import deadlines
from roaming.gateway.client import MAX_BODY_BYTES, HttpClient
from roaming.gateway.connections import UnreachableError, is_public


class Site(BaseHTTPRequestHandler):
    """Answers each path in its own way, and keeps the connection."""

    protocol_version = "HTTP/1.1"
    connections: set[int] = set()
    gone = threading.Event()

    def setup(self) -> None:
        super().setup()
        self.connections.add(id(self))

    def do_GET(self) -> None:
        _, _, kind = self.path.partition("/")
        if kind.startswith("to="):
            return self.answer(302, b"", Location=kind.removeprefix("to="))
        if kind == "large":
            return self.answer(200, b"x" * (MAX_BODY_BYTES + 1))
        if kind == "dribble-headers":
            return self.dribble(b"HTTP/1.1 200 OK\r\nX-Slow: " + b"x" * 200)
        if kind == "dribble":
            self.send_response(200)
            self.send_header("Content-Length", "200")
            self.end_headers()
            return self.dribble(b"x" * 200)
        if kind == "cut":
            self.send_response(200)
            self.send_header("Content-Length", "100")
            self.end_headers()
            self.close_connection = True
            return None
        return self.answer(200, self.headers.get("Cookie", "none").encode(), Set_Cookie="a=b")

    do_POST = do_GET  # noqa: N815

    def answer(self, status: int, body: bytes, **headers: str) -> None:
        self.send_response(status)
        for name, value in headers.items():
            self.send_header(name.replace("_", "-"), value)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        try:
            self.wfile.write(body)
        except (BrokenPipeError, ConnectionResetError):
            self.close_connection = True

    def dribble(self, text: bytes) -> None:
        self.close_connection = True
        for byte in text:
            try:
                self.wfile.write(bytes([byte]))
            except (BrokenPipeError, ConnectionResetError):
                return
            if self.gone.wait(0.05):
                return

    def log_message(self, format: str, *args: object) -> None:
        """Say nothing."""


@pytest.fixture
def site(settings) -> Iterator[str]:
    settings.ALLOW_PRIVATE_ADDRESSES = True
    Site.connections.clear()
    Site.gone.clear()
    server = ThreadingHTTPServer(("127.0.0.1", 0), Site)
    server.daemon_threads = True
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield f"http://127.0.0.1:{server.server_port}"
    Site.gone.set()
    server.shutdown()
    server.server_close()
    thread.join()


def get(url: str, method: str = "GET"):
    with HttpClient() as client:
        return client.request(method, url, headers={})


def test_an_answer_comes_back_with_status_headers_and_body(site):
    answer = get(f"{site}/")
    assert (answer.status, answer.body, answer.headers["content-length"]) == (200, b"none", "4")


def test_connections_are_kept_and_cookies_are_not(site):
    with HttpClient() as client:
        answers = [client.request("GET", site, headers={}).body for _ in range(3)]
    assert answers == [b"none"] * 3
    assert len(Site.connections) == 1


def test_a_redirect_within_the_host_is_followed(site):
    assert get(f"{site}/to=/there").status == 200


@pytest.mark.parametrize(
    ("path", "method"),
    [("to=http://elsewhere.example/", "GET"), ("to=//elsewhere.example/", "GET"), ("to=/", "POST")],
)
def test_other_redirects_are_not_followed(site, path, method):
    with pytest.raises(UnreachableError, match="which is not followed"):
        get(f"{site}/{path}", method)


def test_redirects_in_a_circle_end(site):
    with pytest.raises(UnreachableError, match="more than 3 times"):
        get(f"{site}/to=to=to=to=to=/")


@pytest.mark.parametrize(
    ("path", "said"), [("large", "larger than 10485760 bytes"), ("cut", "127.0.0.1")]
)
def test_answers_that_are_too_large_or_cut_off_are_none(site, path, said):
    with pytest.raises(UnreachableError, match=said):
        get(f"{site}/{path}")


@pytest.mark.parametrize("path", ["dribble", "dribble-headers"])
def test_an_answer_that_dribbles_is_given_up_in_time(site, monkeypatch, path):
    monkeypatch.setattr(deadlines, "WHOLE_ANSWER_S", 0.5)
    began = time.monotonic()
    with pytest.raises(UnreachableError, match=r"did not answer within 0.5 s"):
        get(f"{site}/{path}")
    assert 0.5 <= time.monotonic() - began < 2


@pytest.mark.parametrize("url", ["", "ftp://x/", "http://", "http://[", "file:///etc/passwd"])
def test_other_addresses_are_refused(url):
    with pytest.raises(UnreachableError, match="no http or https address"):
        get(url)


def test_a_closed_port_cannot_be_reached(settings):
    settings.ALLOW_PRIVATE_ADDRESSES = True
    with pytest.raises(UnreachableError, match="could not be reached"):
        get("http://127.0.0.1:1/")


@pytest.mark.parametrize("host", ["127.0.0.1", "localhost", "[::1]", "10.0.0.1", "169.254.169.254"])
def test_private_addresses_are_refused_before_anything_is_sent(site, settings, host):
    settings.ALLOW_PRIVATE_ADDRESSES = False
    port = site.rpartition(":")[2]
    with pytest.raises(UnreachableError, match="private address"):
        get(f"http://{host}:{port}/")
    assert Site.connections == set()


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("93.184.216.34", True),
        ("2606:2800:220:1::1", True),
        ("192.168.1.1", False),
        ("100.64.0.1", False),
        ("0.0.0.0", False),
        ("224.0.0.1", False),
        ("fe80::1", False),
        ("fd00::1", False),
        ("::ffff:127.0.0.1", False),
        ("::ffff:93.184.216.34", True),
        ("64:ff9b::10.0.0.1", False),
        ("64:ff9b::93.184.216.34", True),
        ("2002:0a00:0001::1", False),
    ],
)
def test_public_addresses_are_told_from_others(address, expected):
    assert is_public(ipaddress.ip_address(address)) is expected
