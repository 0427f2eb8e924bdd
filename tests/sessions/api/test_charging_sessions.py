from datetime import timedelta

import pytest
from django.utils import timezone

from tests import api_rows, factories
from tests.callers import caller

pytestmark = pytest.mark.django_db


def test_a_session_shows_its_energy_and_no_token_in_full():
    station = factories.station(identity="CS1")
    session = factories.session(
        station, token_uid="04A1B2C3", start_meter_wh=1000, last_meter_wh=3500
    )
    body = caller().get("sessions/?station=CS1").json()["results"][0]
    assert (body["token"], body["energy_wh"]) == ("••••B2C3", 2500)
    assert body["transaction_id"] == str(session.pk)


def test_the_transaction_id_of_ocpp_2_is_the_stations_own():
    station = factories.station(ocpp_version="2.0.1")
    session = factories.session(station, start_key="tx-1")
    assert caller().get(f"sessions/{session.pk}/").json()["transaction_id"] == "tx-1"


def test_sessions_are_filtered_by_being_open():
    station = factories.station()
    running = factories.session(station)
    over = factories.session(station, ended_at=timezone.now(), state="ended")
    for wanted, session in (("true", running), ("false", over)):
        found = caller().get(f"sessions/?open={wanted}").json()["results"]
        assert [row["id"] for row in found] == [session.pk]


def test_meter_values_of_a_session_come_newest_first():
    station = factories.station()
    session = factories.session(station)
    for minutes in (3, 2, 1):
        at = timezone.now() - timedelta(minutes=minutes)
        api_rows.meter_value(station, session=session, sampled_at=at, energy_wh=100 - minutes)
    api_rows.meter_value(station)
    found = caller().get(f"meter-values/?session={session.pk}").json()["results"]
    assert [row["energy_wh"] for row in found] == [99, 98, 97]
