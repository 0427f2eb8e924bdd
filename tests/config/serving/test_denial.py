"""HTTP answers to refused handshakes."""

import pytest

from config.serving.denial import Denial


def test_response_has_status_length_and_body():
    denial = Denial(404, body=b"unknown station")
    head, _, body = denial.as_bytes().partition(b"\r\n\r\n")
    assert head.startswith(b"HTTP/1.1 404 Not Found\r\n")
    assert b"content-length: 15" in head
    assert body == b"unknown station"


def test_headers_of_the_application_win():
    event = {"status": 401, "headers": [(b"Content-Type", b"text/html")]}
    assert Denial.started(event).as_bytes().lower().count(b"content-type") == 1


@pytest.mark.parametrize("header", [(b"a", b"b\r\nc: d"), (b"a\n", b"b")])
def test_header_with_a_line_break_is_refused(header):
    with pytest.raises(ValueError, match="line break"):
        Denial.started({"status": 400, "headers": [header]})
