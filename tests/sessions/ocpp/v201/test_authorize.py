"""Authorize of OCPP 2.0.1."""

from datetime import timedelta

import pytest
from django.utils import timezone

from stations.domain.setup_state import RegistrationStatus
from tests.sessions.tokens import token_for
from tests.stations.ocpp.batches import V201, Line

pytestmark = pytest.mark.django_db

HOUR = timedelta(hours=1)


def asked(uid):
    return {"idToken": {"idToken": uid, "type": "ISO14443"}}


@pytest.mark.parametrize(
    ("fields", "status"),
    [
        ({}, "Accepted"),
        ({"status": "blocked"}, "Blocked"),
        ({"valid_to": timezone.now() - HOUR}, "Expired"),
    ],
)
def test_token_is_answered_as_it_stands(fields, status):
    line = Line(V201)
    token_for(line.station, "04AB", **fields)
    assert line.call("Authorize", asked("04:ab")) == {"idTokenInfo": {"status": status}}


def test_unknown_token_is_invalid():
    assert Line(V201).call("Authorize", asked("04CD"))["idTokenInfo"]["status"] == "Invalid"


@pytest.mark.parametrize("registration", [RegistrationStatus.PENDING, RegistrationStatus.REJECTED])
def test_station_that_is_not_accepted_is_not_served(registration):
    line = Line(V201, registration=registration)
    assert line.refusal("Authorize", asked("04AB")) == "SecurityError"
