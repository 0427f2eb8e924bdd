"""Tests of naming a session in a remote_stop command."""

from typing import Any

import pytest
from django.utils import timezone

from sessions.models import ChargingSession
from stations.domain.command import CommandSource
from stations.models import Station
from stations.services.command_checks import CommandRefused
from stations.services.commands import send_command
from tests import factories

pytestmark = pytest.mark.django_db


def session(station: Station, start_key: str = "1:T:2026", **fields: Any) -> ChargingSession:
    now = timezone.now()
    return ChargingSession.objects.create(
        station=station, start_key=start_key, received_at=now, last_message_at=now, **fields
    )


def stop(station: Station, session_id: int):
    return send_command(station, "remote_stop", {"session": session_id}, source=CommandSource.API)


def test_a_session_becomes_the_transaction_id_of_its_version():
    station = factories.station()
    factories.connect(station, factories.node())
    ours, theirs = session(station), session(station, "tx:a:b")
    assert stop(station, ours.pk).params["transaction_id"] == str(ours.pk)
    assert stop(station, theirs.pk).params["transaction_id"] == "a:b"


def test_a_session_of_another_station_or_an_ended_one_is_refused():
    station = factories.station()
    factories.connect(station, factories.node())
    for other in (session(factories.station()), session(station, ended_at=timezone.now())):
        with pytest.raises(CommandRefused):
            stop(station, other.pk)
