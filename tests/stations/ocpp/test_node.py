"""A process that holds sockets: it lives, drains, moves stations on and carries commands."""

import asyncio
from contextlib import ExitStack
from datetime import timedelta
from http import HTTPStatus

import pytest
from asgiref.sync import async_to_sync
from channels.layers import get_channel_layer
from django.utils import timezone

from config.ocpp import routes, stages
from stations.domain.command import CommandKind
from stations.domain.ocpp_version import OcppVersion
from stations.gateway import COMMANDS_QUEUED, STATION_MOVED, close_elsewhere, node_channel
from stations.models import Command, Node, StationConnection
from stations.ocpp import node as node_module
from stations.ocpp.connection import Connection, Peer
from stations.ocpp.node import Node as OcppNode
from stations.ocpp.sending import Outbox
from stations.services.connecting import Knock, Refusal
from tests import factories
from tests.back_office import back_office_in_thread
from tests.stations.ocpp.batches import Wire
from tests.stations.sockets import eventually, refused, socket_of

pytestmark = pytest.mark.django_db(transaction=True)


def knock(station):
    return Knock(
        identity=station.identity,
        party=None,
        version=OcppVersion.V16,
        address="",
        username=None,
        password=None,
    )


def tell(back_office, message):
    """Send to the node's channel, as other processes do."""
    async_to_sync(get_channel_layer().send)(node_channel(back_office.node.id), message)


def in_loop(back_office, work):
    return asyncio.run_coroutine_threadsafe(work, back_office.node.intake._loop).result(10)


@pytest.fixture
def quick_heart(monkeypatch):
    monkeypatch.setattr(node_module, "HEARTBEAT_S", 0.02)


class TestDrain:
    def test_sockets_are_closed_with_1001_and_stations_are_free(self, transactional_db):
        station = factories.station()
        with ExitStack() as running:
            back_office = running.enter_context(back_office_in_thread())
            with socket_of(back_office, station) as socket:
                assert socket.is_alive()
                running.close()
                assert socket.close_code() == 1001
        live = StationConnection.objects.get(station=station)
        assert (live.token, live.node) == ("", None)
        assert live.disconnected_at is not None
        assert not Node.objects.exists()

    def test_what_was_said_is_answered_first(self, transactional_db):
        with ExitStack() as running:
            back_office = running.enter_context(back_office_in_thread())
            with socket_of(back_office, factories.station()) as socket:
                socket.send([2, "m", "DataTransfer", {"vendorId": "v"}])
                eventually(lambda: back_office.node.intake.items >= 2)
                running.close()
                assert socket.receive()[:2] == [3, "m"]
                assert socket.close_code() == 1001

    def test_nobody_comes_in_meanwhile(self, transactional_db):
        station = factories.station()

        async def life():
            node = OcppNode(routes(), stages())
            await node.start()
            under_way = asyncio.create_task(node.knock(knock(station)))
            await asyncio.sleep(0)
            draining = asyncio.create_task(node.drain())
            await asyncio.sleep(0)
            late = await node.knock(knock(station))
            await draining
            return await under_way, late

        for refusal in asyncio.run(life()):
            assert isinstance(refusal, Refusal)
            assert refusal.status == HTTPStatus.SERVICE_UNAVAILABLE
        assert not StationConnection.objects.exclude(token="").exists()

    def test_socket_that_does_not_close_is_left(self, transactional_db, monkeypatch):
        monkeypatch.setattr(node_module, "SETTLE_DOWN_S", 0.01)
        station = factories.station()

        async def life():
            node = OcppNode(routes(), stages())
            await node.start()
            admission = await node.knock(knock(station))
            node.join(deaf_connection(node, station, admission))
            await node.drain()

        asyncio.run(life())
        assert StationConnection.objects.get().token == ""


def deaf_connection(node, station, admission):
    peer = Peer(station.pk, station.identity, OcppVersion.V16, admission.token)
    return Connection(peer, outbox=Outbox(Wire().send), desk=node)


class TestHandshake:
    def test_handshake_that_was_given_up_leaves_no_open_socket(self, transactional_db):
        station = factories.station()

        async def life():
            node = OcppNode(routes(), stages())
            await node.start()
            knocking = asyncio.create_task(node.knock(knock(station)))
            await asyncio.sleep(0)
            knocking.cancel()
            await asyncio.wait([knocking])
            await node.drain()

        asyncio.run(life())
        live = StationConnection.objects.get()
        assert (live.token, live.connected_at is not None) == ("", True)

    def test_handshake_without_a_database_is_refused_for_now(self, back_office, monkeypatch):
        station = factories.station()

        def fail(items):
            raise ZeroDivisionError

        monkeypatch.setattr(back_office.node.intake, "_run_batch", fail)
        assert refused(back_office, station).status_code == 503


class TestMoving:
    def test_station_that_moves_to_this_node_is_closed_elsewhere(self, back_office):
        station, other = factories.station(), factories.node()
        factories.connect(station, other)
        with socket_of(back_office, station) as socket:
            assert socket.is_alive()
            message = async_to_sync(get_channel_layer().receive)(node_channel(other.pk))
        assert (message["type"], message["station_id"]) == (STATION_MOVED, station.pk)

    def test_station_that_moved_away_is_closed_here(self, back_office):
        station = factories.station()
        with socket_of(back_office, station) as socket:
            async_to_sync(close_elsewhere)(back_office.node.id, station.pk, "newer")
            assert socket.close_code() == 1008

    def test_news_of_the_own_socket_or_of_strangers_close_nothing(self, back_office):
        station = factories.station()
        with socket_of(back_office, station) as socket:
            token = StationConnection.objects.get().token
            for message in (
                {"type": STATION_MOVED, "station_id": station.pk, "token": token},
                {"type": STATION_MOVED, "station_id": 10**6, "token": "other"},
                {"type": "gossip"},
            ):
                tell(back_office, message)
            for station_ids in ([station.pk], []):
                tell(back_office, {"type": COMMANDS_QUEUED, "station_ids": station_ids})
            assert socket.is_alive()

    def test_socket_that_was_superseded_elsewhere_is_closed_when_it_speaks(self, back_office):
        station = factories.station()
        with socket_of(back_office, station) as socket:
            StationConnection.objects.update(token="newer")
            socket.send([2, "m", "Heartbeat", {}])
            assert socket.close_code() == 1008
        assert StationConnection.objects.get().token == "newer"


class TestHeartbeat:
    def test_node_is_seen(self, quick_heart, back_office):
        Node.objects.update(seen_at=timezone.now() - timedelta(hours=1))
        fresh = timezone.now() - timedelta(minutes=1)
        eventually(lambda: Node.objects.filter(seen_at__gt=fresh).exists())

    def test_node_that_was_given_up_comes_back_with_its_stations(self, quick_heart, back_office):
        station, old_id = factories.station(), back_office.node.id
        with socket_of(back_office, station) as socket:
            StationConnection.objects.update(token="", node=None, disconnected_at=timezone.now())
            Node.objects.all().delete()
            live = eventually(lambda: StationConnection.objects.exclude(token="").first())
            assert live.node_id != old_id
            assert socket.is_alive()
            eventually(lambda: back_office.node.id == live.node_id)
            tell(back_office, {"type": STATION_MOVED, "station_id": station.pk, "token": "newer"})
            assert socket.close_code() == 1008

    def test_loop_that_fails_goes_on(self, quick_heart, back_office, monkeypatch, caplog):
        failures = iter([True])
        real = node_module.touch_node

        def touch(*args, **kwargs):
            if next(failures, False):
                raise ZeroDivisionError
            return real(*args, **kwargs)

        monkeypatch.setattr(node_module, "touch_node", touch)
        Node.objects.update(seen_at=timezone.now() - timedelta(hours=1))
        fresh = timezone.now() - timedelta(minutes=1)
        eventually(lambda: Node.objects.filter(seen_at__gt=fresh).exists())
        assert "a loop of the node failed" in caplog.text


class TestCommands:
    @pytest.fixture
    def quick_poll(self, monkeypatch):
        monkeypatch.setattr(node_module, "POLL_S", 0.02)

    def test_lost_wake_up_is_found_by_the_poll(self, quick_poll, back_office):
        station = factories.station()
        with socket_of(back_office, station) as socket:
            factories.command(station, kind=CommandKind.CLEAR_CACHE)
            assert socket.receive()[2] == "ClearCache"

    def test_without_a_channel_layer_the_poll_finds_everything(
        self, quick_poll, monkeypatch, transactional_db
    ):
        monkeypatch.setattr(node_module, "get_channel_layer", lambda: None)
        station = factories.station()
        with back_office_in_thread() as back_office, socket_of(back_office, station) as socket:
            factories.command(station, kind=CommandKind.CLEAR_CACHE)
            assert socket.receive()[2] == "ClearCache"

    def test_more_than_one_poll_takes_are_taken_at_once(self, back_office, monkeypatch):
        monkeypatch.setattr(node_module, "ORDERS_PER_POLL", 1)
        stations = [factories.station() for _ in range(3)]
        with ExitStack() as stack:
            sockets = [stack.enter_context(socket_of(back_office, each)) for each in stations]
            for station in stations:
                factories.command(station, kind=CommandKind.CLEAR_CACHE)
            tell(back_office, {"type": COMMANDS_QUEUED, "station_ids": [s.pk for s in stations]})
            assert {socket.receive()[2] for socket in sockets} == {"ClearCache"}

    def test_command_of_a_station_that_has_just_left_waits_for_it(self, back_office):
        station = factories.station()
        connection = factories.connect(station, Node.objects.get(), token="gone")
        command = factories.command(station, kind=CommandKind.CLEAR_CACHE)
        tell(back_office, {"type": COMMANDS_QUEUED, "station_ids": [station.pk]})
        connection.token = ""
        connection.save()
        with socket_of(back_office, station) as socket:
            assert socket.receive()[2] == "ClearCache"
        assert Command.objects.get(pk=command.pk).sent_at is not None

    def test_all_stations_may_be_woken(self, back_office):
        station = factories.station()
        with socket_of(back_office, station) as socket:
            factories.command(station, kind=CommandKind.CLEAR_CACHE)
            in_loop(back_office, wake_all(back_office.node))
            assert socket.receive()[2] == "ClearCache"


async def wake_all(node):
    node.wake(None)
    node.wake({1})
