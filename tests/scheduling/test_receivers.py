"""What happens here when stations change or commands settle."""

import pytest

from scheduling.models import PublishedStatus, StatusWindow
from scheduling.services.windows import set_window
from stations.models import Station
from stations.signals import commands_settled, stations_changed
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def evse():
    (made,) = factories.reporting_evses("Available")
    return made


def announce(station):
    stations_changed.send(sender=Station, station_ids=[station.pk])


def test_disabled_station_is_published_at_once(evse):
    Station.objects.update(is_disabled=True)
    announce(evse.station)
    assert PublishedStatus.objects.get().status == "OUT_OF_SERVICE"


def test_windows_follow_their_stations_to_another_operator(evse):
    for target in (evse, evse.station):
        set_window(target=target, status="BLOCKED", source="api")
    elsewhere = set_window(target=factories.station(), status="BLOCKED", source="api")
    operator = factories.operator()
    Station.objects.filter(pk=evse.station_id).update(operator=operator)
    announce(evse.station)
    assert StatusWindow.objects.filter(operator=operator).count() == 2
    elsewhere.refresh_from_db()
    assert elsewhere.operator != operator


def test_windows_follow_their_location_to_another_owner():
    location = factories.location()
    window = set_window(target=location, status="BLOCKED", source="api")
    location.operator = factories.operator()
    location.account = factories.account(operator=location.operator)
    location.save()
    window.refresh_from_db()
    assert (window.operator, window.account) == (location.operator, location.account)


def test_accepted_command_by_hand_is_published(evse):
    command = factories.command(
        evse.station, params={"availability": "Inoperative"}, state="accepted"
    )
    commands_settled.send(sender=None, commands=[command])
    assert PublishedStatus.objects.get().manual == "Inoperative"


def test_other_commands_do_not_concern_us(evse, django_assert_num_queries):
    command = factories.command(evse.station, kind="reset", state="accepted")
    with django_assert_num_queries(0):
        commands_settled.send(sender=None, commands=[command])
