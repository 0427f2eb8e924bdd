"""Heartbeat of OCPP 1.6."""

from datetime import timedelta

import pytest
from django.test import override_settings
from django.utils import timezone

from diagnostics.models import Message
from stations.domain.setup_state import RegistrationStatus
from tests.stations.ocpp.batches import V16, Line

pytestmark = pytest.mark.django_db
VERSION = V16


def test_heartbeat_is_answered_with_the_time():
    now = timezone.now()
    answer = Line(VERSION).call("Heartbeat", at=now)
    assert answer == {"currentTime": now.strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "Z"}


def test_station_is_noted_as_seen_every_ten_seconds_at_most():
    line, now = Line(VERSION), timezone.now()
    for seconds, seen_at in ((0, 0), (9, 0), (10, 10)):
        line.call("Heartbeat", at=now + timedelta(seconds=seconds))
        assert line.live.last_seen_at == now + timedelta(seconds=seen_at)


@pytest.mark.parametrize("is_logged", [True, False])
def test_heartbeat_is_logged_where_the_setting_says_so(is_logged):
    with override_settings(OCPP_LOG_HEARTBEATS=is_logged):
        Line(VERSION).call("Heartbeat")
    assert Message.objects.exists() is is_logged


def test_refused_heartbeat_is_logged():
    line = Line(VERSION, registration=RegistrationStatus.REJECTED)
    assert line.refusal("Heartbeat") == "SecurityError"
    assert (line.log.action, line.log.outcome) == ("Heartbeat", "error")


def test_held_station_is_answered():
    line = Line(VERSION, registration=RegistrationStatus.PENDING)
    assert line.call("Heartbeat")["currentTime"]
