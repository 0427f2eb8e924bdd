"""Stations as people set them."""

import pytest

from stations.domain.command import CommandKind
from stations.domain.setup_state import RegistrationStatus, SetupState
from stations.models import Command
from stations.services.stations import approve, update_station
from tests import factories

pytestmark = pytest.mark.django_db


def held_station(*, online: bool):
    station = factories.station(registration=RegistrationStatus.PENDING)
    if online:
        factories.connect(station)
    return station


def test_approved_station_that_is_connected_is_asked_to_boot_again():
    station = held_station(online=True)
    approve(station)
    station.refresh_from_db()
    command = Command.objects.get(station=station)
    assert station.registration == RegistrationStatus.ACCEPTED
    assert command.kind == CommandKind.TRIGGER_MESSAGE


def test_approved_station_that_is_away_is_asked_nothing():
    station = held_station(online=False)
    approve(station)
    station.refresh_from_db()
    assert station.registration == RegistrationStatus.ACCEPTED
    assert not Command.objects.exists()


def test_activation_accepts_a_held_station():
    station = held_station(online=True)
    update_station(station, setup_state=SetupState.ACTIVE)
    station.refresh_from_db()
    assert station.registration == RegistrationStatus.ACCEPTED
    assert Command.objects.count() == 1


def test_change_of_an_accepted_station_asks_nothing():
    station = factories.station()
    factories.connect(station)
    update_station(station, vendor="Vendor")
    assert not Command.objects.exists()
