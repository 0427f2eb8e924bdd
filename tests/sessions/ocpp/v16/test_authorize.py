"""Authorize of OCPP 1.6."""

from datetime import timedelta

import pytest
from django.utils import timezone

from stations.domain.setup_state import RegistrationStatus
from tests.sessions.tokens import token_for
from tests.stations.ocpp.batches import Line

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "Accepted"),
        ({"status": "blocked"}, "Blocked"),
        ({"valid_to": timezone.now() - HOUR}, "Expired"),
        ({"valid_from": timezone.now() + HOUR}, "Expired"),
        ({"valid_from": timezone.now() - HOUR, "valid_to": timezone.now() + HOUR}, "Accepted"),
    ],
)
def test_token_is_answered_as_it_stands(fields, status):
    line = Line()
    token_for(line.station, "04AB", **fields)
    assert line.call("Authorize", {"idTag": "04AB"}) == {"idTagInfo": {"status": status}}


@pytest.mark.parametrize("told", ["04ab", "04:AB", "04-ab"])
def test_token_is_known_in_every_spelling(told):
    line = Line()
    token_for(line.station, "04AB")
    assert line.call("Authorize", {"idTag": told})["idTagInfo"]["status"] == "Accepted"


@pytest.mark.parametrize("told", ["04CD", ""])
def test_unknown_token_is_invalid(told):
    assert Line().call("Authorize", {"idTag": told}) == {"idTagInfo": {"status": "Invalid"}}


def test_disabled_station_authorizes_nobody():
    line = Line(is_disabled=True)
    token_for(line.station, "04AB")
    assert line.call("Authorize", {"idTag": "04AB"})["idTagInfo"]["status"] == "Blocked"


def test_rejected_station_is_not_served():
    line = Line(registration=RegistrationStatus.REJECTED)
    assert line.refusal("Authorize", {"idTag": "04AB"}) == "SecurityError"


def test_token_that_is_no_text_is_refused():
    assert Line().refusal("Authorize", {"idTag": 4}) == "TypeConstraintViolation"


def test_token_that_is_too_long_is_invalid():
    answer = Line().call("Authorize", {"idTag": "X" * 255})
    assert answer == {"idTagInfo": {"status": "Invalid"}}
