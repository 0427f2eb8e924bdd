import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from roaming.ocpi.envelope import Answer, StatusCode, opened, sealed

NOON = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)


def test_an_answer_is_sealed_with_code_and_time():
    body = json.loads(sealed(Answer({"a": 1}), now=NOON))
    assert body == {"data": {"a": 1}, "status_code": 1000, "timestamp": "2026-03-10T12:00:00Z"}


def test_an_empty_list_is_data_and_no_data_is_left_out():
    assert json.loads(sealed(Answer([]), now=NOON))["data"] == []
    assert "data" not in json.loads(sealed(Answer(), now=NOON))


def test_a_message_goes_along():
    answer = Answer(code=StatusCode.SERVER_ERROR, message="Something went wrong.")
    assert json.loads(sealed(answer, now=NOON))["status_message"] == "Something went wrong."


@pytest.mark.parametrize(
    ("number", "written"), [("0.2500", b"0.25"), ("20.45", b"20.45"), ("3.000", b"3")]
)
def test_decimals_are_written_exactly(number, written):
    assert b'"data":' + written in sealed(Answer(Decimal(number)), now=NOON)


def test_decimals_are_read_exactly():
    assert opened(b'{"status_code": 1000, "data": 0.1}').data == Decimal("0.1")


@pytest.mark.parametrize(
    "body",
    [
        b"",
        b"<html>",
        b"[]",
        b"{}",
        b'{"status_code": "1000"}',
        b"\xff",
        b'{"status_code": NaN}',
        b'{"status_code": 1e400}',
        b'{"status_code": 10000000000}',
        b'{"status_code": 1000, "data": "\\u0000"}',
    ],
)
def test_what_is_no_envelope_is_refused(body):
    with pytest.raises(ValueError, match=r"."):
        opened(body)


def test_only_codes_of_a_thousand_are_success():
    assert opened(b'{"status_code": 1001}').is_success
    assert not opened(b'{"status_code": 2001}').is_success
