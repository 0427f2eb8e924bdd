"""Handshakes in a batch: decided together, and written as one."""

from concurrent.futures import Future

import pytest

from stations.domain.onboarding import UnknownStations
from stations.models import Station, StationConnection, UnrecognisedStation
from stations.ocpp.items import CloseItem, KnockItem, RefusedItem
from stations.services.connecting import Knock, Refusal
from tests import factories
from tests.statements import counted_statements
from tests.stations.ocpp.batches import V16, V201, Line, run

pytestmark = pytest.mark.django_db


@pytest.fixture
def operator():
    return factories.operator(is_default=True, unknown_stations=UnknownStations.ACCEPT)


class Door:
    """One handshake, its decision, and what was given back."""

    def __init__(self, identity, version=V16):
        self.abandoned = []
        self.decision = Future()
        asked = Knock(identity, None, version, "127.0.0.1", None, None)
        self.item = KnockItem(asked, self.decision, self.abandoned.append)

    @property
    def found(self):
        return self.decision.result(timeout=0)


def knock(*identities, version=V16):
    doors = [Door(identity, version) for identity in identities]
    run([door.item for door in doors])
    return [door.found for door in doors]


def test_two_sockets_of_a_station_are_both_let_in_and_the_newer_counts():
    station = factories.station()
    first, second = knock(station.identity, station.identity)
    assert first.station_id == second.station_id == station.pk
    assert StationConnection.objects.get().token == second.token


def test_two_sockets_of_a_new_station_make_it_once(operator):
    first, second = knock("NEW-1", "NEW-1")
    assert first.station_id == Station.objects.get().pk
    assert (second.status, second.reason) == (503, "knocked twice at once")
    assert StationConnection.objects.get().token == first.token
    assert not UnrecognisedStation.objects.exists()


def test_new_stations_come_in_together(operator):
    knock("WARM-UP")
    with counted_statements() as few:
        knock("NEW-0")
    with counted_statements() as many:
        found = knock(*(f"NEW-{number}" for number in range(1, 50)))
    assert len({admission.station_id for admission in found}) == 49
    assert len(many) == len(few)


def test_older_node_is_named():
    station, node = factories.station(), factories.node()
    factories.connect(station, node)
    assert knock(station.identity)[0].older_node_id == node.pk


def test_version_that_is_spoken_is_noted():
    station = factories.station(ocpp_version=V16)
    knock(station.identity, version=V201)
    station.refresh_from_db()
    assert station.ocpp_version == V201


def test_handshake_that_nobody_waits_for_is_given_back():
    door = Door(factories.station().identity)
    door.decision.cancel()
    run([door.item])
    assert len(door.abandoned) == 1


def test_refusal_that_nobody_waits_for_is_forgotten():
    door = Door("UNKNOWN")
    door.decision.cancel()
    run([door.item])
    assert door.abandoned == []


def test_handshake_that_failed_is_told():
    door = Door("ANY")
    door.item.fail(ZeroDivisionError())
    assert isinstance(door.decision.exception(timeout=0), ZeroDivisionError)


def test_handshake_that_failed_with_nobody_waiting():
    door = Door("ANY")
    door.decision.cancel()
    door.item.fail(ZeroDivisionError())


def test_handshake_may_be_decided_anew_after_a_failed_batch(operator):
    door = Door("NEW-1")
    run([door.item])
    again = Door("NEW-1")
    door.decision = door.item.decision = Future()
    run([door.item, again.item])
    assert door.found.station_id == again.found.station_id == Station.objects.get().pk


def test_refused_unread_is_kept():
    asked = Knock("bad\0" + "x" * 300, None, V16, "10.0.0.1", None, None)
    refusal = Refusal(404, "malformed identity")
    for _ in range(2):
        run([RefusedItem(asked, refusal)])
    row = UnrecognisedStation.objects.get()
    assert (row.identity[:6], len(row.identity), row.count) == ("badxxx", 254, 2)
    assert (row.reason, row.address) == ("malformed identity", "10.0.0.1")


def test_close_of_an_older_socket_changes_nothing():
    line = Line()
    run([CloseItem(line.station.pk, "older")])
    assert line.live.is_online
    run([CloseItem(line.station.pk, line.token)])
    assert not line.live.is_online


def test_close_of_a_station_that_is_gone_changes_nothing():
    run([CloseItem(10**6, "token")])
    assert not StationConnection.objects.exists()
