"""Who lives, and what becomes of the stations of the dead."""

from datetime import timedelta

import pytest
from django.utils import timezone

from stations.models import Node, StationConnection
from stations.rows.ids import REGISTERED_NUMBERS, RowIds
from stations.services import nodes
from stations.services.nodes import (
    NODE_TIMEOUT,
    adopt_stations,
    beat_age,
    forget_node,
    free_dead_nodes,
    note_beat,
    register_node,
    touch_node,
)
from stations.signals import stations_changed
from tests import factories
from tests.threads import in_threads

pytestmark = pytest.mark.django_db

SECOND = timedelta(seconds=1)


@pytest.fixture(autouse=True)
def row_ids(monkeypatch):
    """The numbers given out here are not for the ids of this process."""
    ids = RowIds(1000)
    monkeypatch.setattr(nodes, "row_ids", ids)
    return ids


@pytest.fixture
def announced():
    found = []

    def note(sender, station_ids, **kwargs):
        found.append(set(station_ids))

    stations_changed.connect(note)
    yield found
    stations_changed.disconnect(note)


def connected(node, token="token"):
    return factories.connect(factories.station(), node, token=token)


def test_node_gets_the_smallest_free_number(row_ids):
    for number in (0, 1, 3):
        factories.node(number=number)
    node = Node.objects.get(pk=register_node("host:1", kind="web"))
    assert (node.number, node.name, node.kind) == (2, "host:1", "web")
    assert row_ids.new() >> 12 & 1023 == 2


@pytest.mark.django_db(transaction=True)
def test_nodes_that_start_at_once_get_numbers_of_their_own():
    in_threads(4, lambda: register_node("host:1", kind="web"))
    assert set(Node.objects.values_list("number", flat=True)) == {0, 1, 2, 3}


def test_node_without_a_free_number_does_not_start():
    now = timezone.now()
    Node.objects.bulk_create(
        Node(number=number, name="n", kind="web", started_at=now, seen_at=now)
        for number in range(REGISTERED_NUMBERS)
    )
    with pytest.raises(RuntimeError, match="512 node numbers are taken"):
        register_node("host:1", kind="web")


def test_node_that_lives_is_seen():
    node, later = factories.node(), timezone.now() + SECOND
    assert touch_node(node.pk, name="n", now=later) is None
    node.refresh_from_db()
    assert node.seen_at == later


def test_node_that_was_given_up_registers_anew():
    node = factories.node()
    Node.objects.all().delete()
    found = touch_node(node.pk, name="host:1", now=timezone.now())
    assert Node.objects.get().pk == found != node.pk


def test_node_that_ends_is_forgotten():
    node = factories.node()
    forget_node(node.pk)
    assert not Node.objects.exists()


def test_stations_of_a_dead_node_are_free_since_it_was_seen():
    now = timezone.now()
    dead = factories.node(seen_at=now - NODE_TIMEOUT - SECOND)
    live = connected(dead)
    assert free_dead_nodes(now) == [live.station_id]
    live.refresh_from_db()
    assert (live.token, live.node, live.disconnected_at) == ("", None, dead.seen_at)
    assert not Node.objects.exists()


def test_stations_of_a_living_node_stay():
    now = timezone.now()
    live = connected(factories.node(seen_at=now - NODE_TIMEOUT))
    assert free_dead_nodes(now) == []
    live.refresh_from_db()
    assert live.is_online


def test_beat_is_no_node_that_dies():
    now = timezone.now()
    factories.node(kind="beat", seen_at=now - 10 * NODE_TIMEOUT)
    assert free_dead_nodes(now) == []
    assert Node.objects.exists()


def test_stations_whose_node_is_gone_are_free():
    live, now = connected(None), timezone.now()
    assert free_dead_nodes(now) == [live.station_id]
    live.refresh_from_db()
    assert (live.token, live.disconnected_at) == ("", now)


def test_node_that_comes_back_adopts_the_stations_it_holds(announced):
    node = factories.node()
    free, own, moved, closed = (connected(None, token) for token in ("", "own", "newer", ""))
    sockets = {free.station_id: "mine", own.station_id: "own", moved.station_id: "older"}
    adopt_stations(node.pk, sockets)
    tokens = dict(StationConnection.objects.filter(node=node).values_list("station", "token"))
    assert tokens == {free.station_id: "mine", own.station_id: "own"}
    moved.refresh_from_db()
    closed.refresh_from_db()
    assert (moved.token, closed.token) == ("newer", "")
    assert announced == [{free.station_id, own.station_id}]


def test_node_without_stations_adopts_none(announced):
    adopt_stations(factories.node().pk, {})
    assert announced == []


def test_age_of_beat():
    now = timezone.now()
    assert beat_age(now) is None
    note_beat(now)
    assert beat_age(Node.objects.get().seen_at + SECOND) == SECOND
    note_beat(now + 5 * SECOND)
    assert beat_age(now + 6 * SECOND) == SECOND
    assert Node.objects.count() == 1
