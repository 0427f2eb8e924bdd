"""The OCPP endpoint over real sockets: who may come in, and what becomes of bad input."""

import asyncio

import pytest

from config.ocpp import routes, stages
from sessions.models import ChargingSession
from stations.consumers import OcppConsumer
from stations.domain.onboarding import UnknownStations
from stations.domain.setup_state import RegistrationStatus, SetupState
from stations.models import Station, StationConnection, UnrecognisedStation
from stations.ocpp.node import Node
from stations.services.credentials import digest, set_password
from tests import factories
from tests.stations.sockets import basic, eventually, refused, rows_of, socket_of

KEY = bytes.fromhex("00ff3a" + "ab" * 17)  # 20 bytes, with a NUL, a colon, and no UTF-8


def reasons():
    return dict(UnrecognisedStation.objects.values_list("identity", "reason"))


class TestHandshake:
    @pytest.mark.parametrize(
        ("offered", "agreed"),
        [
            (("ocpp1.6",), "ocpp1.6"),
            (("ocpp0.1", "ocpp2.0.1"), "ocpp2.0.1"),
            (("ocpp1.6", "ocpp2.0.1"), "ocpp2.0.1"),
        ],
    )
    def test_best_common_subprotocol_is_agreed(self, back_office, offered, agreed):
        station = factories.station(ocpp_version="")
        with socket_of(back_office, station, subprotocols=offered) as socket:
            assert socket.connection.subprotocol == agreed
            assert socket.is_alive()
        station.refresh_from_db()
        assert f"ocpp{station.ocpp_version}" == agreed

    @pytest.mark.parametrize("offered", [("ocpp0.1",), ("chat",), ()])
    def test_without_a_common_subprotocol_it_is_refused(self, back_office, offered):
        station = factories.station()
        assert refused(back_office, station, subprotocols=offered).status_code == 400
        assert eventually(reasons) == {station.identity: "no common subprotocol"}

    @pytest.mark.parametrize("identity", ["no%20station", "x" * 49, "a%00b", "a%2Fb", "%C3%A9"])
    def test_malformed_identity_is_not_found(self, back_office, identity):
        assert refused(back_office, identity).status_code == 404

    @pytest.mark.parametrize("path", ["", "a/b/c", "nlabc/CS1", "../ws"])
    def test_other_paths_are_not_found(self, back_office, path):
        assert refused(back_office, path).status_code == 404

    def test_identity_is_case_sensitive(self, back_office):
        factories.station(identity="Station")
        assert refused(back_office, "station").status_code == 404

    def test_operator_of_the_path_must_be_the_stations_own(self, back_office):
        own = factories.operator(country_code="NL", party_id="OWN")
        station = factories.station(operator=own)
        factories.operator(country_code="NL", party_id="NOT")
        with socket_of(back_office, station, party="NLOWN") as socket:
            assert socket.is_alive()
        assert refused(back_office, station, party="NLNOT").status_code == 404

    def test_retired_station_is_not_found(self, back_office):
        station = factories.station(setup_state=SetupState.RETIRED)
        assert refused(back_office, station).status_code == 404

    def test_connection_is_noted_and_freed(self, back_office):
        station = factories.station()
        with socket_of(back_office, station):
            live = StationConnection.objects.get(station=station)
            assert (live.is_online, live.version, live.address) == (True, "1.6", "127.0.0.1")
            assert live.node_id == back_office.node.id
        freed = eventually(lambda: StationConnection.objects.filter(token="").first())
        assert freed.disconnected_at is not None
        assert freed.node is None

    def test_station_may_go_on_without_a_boot(self, back_office):
        with socket_of(back_office, factories.station()) as socket:
            assert socket.is_alive()

    def test_newest_socket_wins(self, back_office):
        station = factories.station()
        with socket_of(back_office, station) as older, socket_of(back_office, station) as newer:
            assert older.close_code() == 1008
            assert newer.is_alive()
            assert StationConnection.objects.get().is_online


class TestUnknownStation:
    def test_is_held_where_its_operator_wants_that(self, back_office):
        default(UnknownStations.HOLD)
        with socket_of(back_office, "NEW-1") as socket:
            boot = {"chargePointVendor": "M", "chargePointModel": "T"}
            assert socket.call("BootNotification", boot)[0]["status"] == "Pending"
        station = Station.objects.get()
        assert (station.identity, station.registration) == ("NEW-1", RegistrationStatus.PENDING)

    def test_is_accepted_where_its_operator_wants_that(self, back_office):
        default(UnknownStations.ACCEPT)
        with socket_of(back_office, "NEW-1", subprotocols=("ocpp2.0.1",)) as socket:
            assert socket.is_alive()
        station = Station.objects.get()
        assert (station.registration, station.ocpp_version) == ("Accepted", "2.0.1")

    def test_is_refused_and_counted_where_its_operator_wants_that(self, back_office):
        default(UnknownStations.REFUSE)
        for _ in range(2):
            assert refused(back_office, "NEW-1").status_code == 404
        row = UnrecognisedStation.objects.get()
        assert (row.identity, row.reason, row.count) == ("NEW-1", "unknown", 2)
        assert not Station.objects.exists()

    def test_is_refused_where_nobody_is_the_default(self, back_office):
        factories.operator(is_default=False)
        assert refused(back_office, "NEW-1").status_code == 404

    def test_belongs_to_the_operator_of_its_path(self, back_office):
        default(UnknownStations.HOLD)
        other = factories.operator(
            country_code="NL", party_id="OTH", unknown_stations=UnknownStations.HOLD
        )
        with socket_of(back_office, "NEW-1", party="NLOTH"):
            assert Station.objects.get().operator == other


def default(wish):
    return factories.operator(is_default=True, unknown_stations=wish)


class TestPassword:
    @pytest.mark.parametrize("presented", [KEY, KEY.hex().encode(), KEY.hex().upper().encode()])
    def test_key_of_16_is_taken_raw_and_as_hex(self, back_office, presented):
        station = factories.station(password_digest=digest(KEY))
        header = basic(station.identity, presented)
        with socket_of(back_office, station, authorization=header) as socket:
            assert socket.is_alive()

    @pytest.mark.parametrize("password", ["a plain text of some length", "with:colons:in:it:all"])
    def test_text_is_taken_as_it_is(self, back_office, password):
        station = factories.station()
        set_password(station, password)
        header = basic(station.identity, password.encode())
        with socket_of(back_office, station, authorization=header) as socket:
            assert socket.is_alive()

    def test_next_password_is_taken_beside_the_old_one(self, back_office):
        old, new = b"o" * 20, b"n" * 20
        station = factories.station(password_digest=digest(old), next_password_digest=digest(new))
        for password in (old, new):
            with socket_of(
                back_office, station, authorization=basic(station.identity, password)
            ) as socket:
                assert socket.is_alive()

    def test_all_else_is_refused_with_a_challenge(self, back_office):
        station = factories.station(password_digest=digest(KEY))
        other = factories.station()
        for header in (
            None,
            basic(station.identity, b"wrong"),
            basic(station.identity, b""),
            basic(other.identity, KEY),
            "Basic !!!",
            "Basic",
            "Basic " + "bm9jb2xvbg==",
            "Bearer token",
        ):
            response = refused(back_office, station, authorization=header)
            assert response.status_code == 401
            assert response.headers["WWW-Authenticate"].startswith("Basic realm=")
        assert UnrecognisedStation.objects.get().count == 8

    def test_password_is_not_asked_of_a_station_without_one(self, back_office):
        station = factories.station()
        header = basic("somebody", b"whatever")
        with socket_of(back_office, station, authorization=header) as socket:
            assert socket.is_alive()


class TestBadInput:
    """Each does no harm to a station beside it."""

    @pytest.fixture
    def station(self):
        return factories.station()

    @pytest.fixture
    def socket(self, back_office, station):
        with socket_of(back_office, station) as socket:
            yield socket

    @pytest.fixture(autouse=True)
    def beside(self, back_office):
        with socket_of(back_office, factories.station()) as socket:
            yield
            assert socket.is_alive()

    def test_malformed_frames_are_logged_and_passed_over(self, socket, station):
        broken = [
            "",
            "{",
            "[2]",
            '{"a": 1}',
            '[2,{"id":1},"Heartbeat",{}]',
            "[]",
            "7",
            "😀",
        ]
        socket.send(*broken)
        assert socket.is_alive()
        rows = rows_of(station)
        assert [(row.payload, row.outcome) for row in rows] == [
            (text, "malformed") for text in broken
        ]

    def test_garbage_ten_times_closes(self, socket, station):
        socket.send(*["garbage"] * 10)
        assert socket.close_code() == 1008
        eventually(lambda: len(rows_of(station)) == 10)

    @pytest.mark.parametrize(
        ("payload", "code"),
        [
            ({"connectorId": "one"}, "TypeConstraintViolation"),
            ({"connectorId": 1, "idTag": "x" * 256}, "PropertyConstraintViolation"),
            ({}, "ProtocolError"),
            ({"connectorId": 1, "idTag": "A", "meterStart": [], "timestamp": "t"}, None),
        ],
    )
    def test_wrong_types_are_refused(self, socket, station, payload, code):
        told = {"connectorId": 1, "idTag": "A", "meterStart": 1, "timestamp": "t"}
        answer = socket.call("StartTransaction", told | payload if payload else {})
        assert answer[0] == (code or "TypeConstraintViolation")
        assert rows_of(station)[0].error_code == answer[0]
        assert socket.is_alive()

    @pytest.mark.parametrize(
        ("frame", "code"),
        [
            ([2, "m", "Brew", {}], "NotImplemented"),
            ([2, "m", "Reset", {}], "NotSupported"),
            ([2, "m", "Heartbeat", []], "FormationViolation"),
            ([2, "m", "Heartbeat"], "FormationViolation"),
            ([2, "m", "", {}], "FormationViolation"),
        ],
    )
    def test_calls_that_are_none_of_ours_are_refused(self, socket, station, frame, code):
        socket.send(frame)
        assert socket.receive()[:3] == [4, "m", code]
        assert socket.is_alive()
        assert len(rows_of(station)) == 1

    def test_deeply_nested_frame_is_refused(self, socket):
        socket.send('[2,"m","DataTransfer",{"vendorId":' + "[" * 500 + "]" * 500 + "}]")
        assert socket.receive()[:3] == [4, "m", "FormationViolation"]
        assert socket.is_alive()

    def test_nul_in_a_text_is_refused(self, socket):
        socket.send('[2,"m","Authorize",{"idTag":"a\\u0000b"}]')
        assert socket.receive()[:3] == [4, "m", "FormationViolation"]
        assert socket.is_alive()

    def test_answers_to_nothing_are_logged(self, socket, station):
        socket.send([3, "nobody", {}], [4, "nobody", "GenericError", "", {}])
        assert socket.is_alive()
        assert [row.outcome for row in rows_of(station)] == ["unmatched", "unmatched"]

    def test_huge_frame_closes(self, socket, station):
        socket.send('[2,"m","DataTransfer",{"vendorId":"v","data":"' + "x" * 2**20 + '"}]')
        assert socket.close_code() == 1009
        rows = eventually(lambda: rows_of(station))
        assert rows[0].answer == "socket was closed with 1009"

    def test_large_frame_is_served(self, socket):
        payload = {"vendorId": "v", "data": "x" * 500_000}
        assert socket.call("DataTransfer", payload)[0]["status"] == "UnknownVendorId"

    def test_binary_frame_closes(self, socket, station):
        socket.send(b"\x00\x01")
        assert socket.close_code() == 1003
        eventually(lambda: rows_of(station))

    def test_text_that_is_no_utf_8_closes(self, socket, station):
        socket.connection.send(b"\xff\xfe", text=True)
        assert socket.close_code() == 1007
        eventually(lambda: rows_of(station))

    def test_same_id_again_is_answered_again(self, socket, station):
        for _ in range(2):
            socket.send([2, "same", "DataTransfer", {"vendorId": "v"}])
            assert socket.receive()[:2] == [3, "same"]
        assert len(rows_of(station)) == 2

    def test_replay_on_a_new_socket_changes_nothing(self, back_office, socket, station):
        told = {
            "connectorId": 1,
            "idTag": "A",
            "meterStart": 1,
            "timestamp": "2026-01-01T00:00:00Z",
        }
        first = socket.call("StartTransaction", told)
        with socket_of(back_office, station) as again:
            assert again.call("StartTransaction", told) == first
        assert ChargingSession.objects.count() == 1


class TestPipelining:
    def test_frames_are_answered_in_order_and_none_is_lost(self, back_office):
        with socket_of(back_office, factories.station()) as socket:
            socket.send(*([2, str(number), "Heartbeat", {}] for number in range(300)))
            assert [socket.receive()[1] for _ in range(300)] == [str(n) for n in range(300)]

    def test_station_that_pipelines_holds_up_nobody(self, back_office):
        with (
            socket_of(back_office, factories.station()) as flood,
            socket_of(back_office, factories.station()) as other,
        ):
            flood.send(*([2, str(number), "Authorize", {"idTag": "A"}] for number in range(200)))
            assert other.is_alive()
            assert [flood.receive()[1] for _ in range(200)] == [str(n) for n in range(200)]

    def test_order_holds_for_what_depends_on_it(self, back_office):
        station = factories.station()
        start = {
            "connectorId": 1,
            "idTag": "A",
            "meterStart": 1,
            "timestamp": "2026-01-01T00:00:00Z",
        }
        status = {"connectorId": 1, "errorCode": "NoError"}
        with socket_of(back_office, station) as socket:
            socket.send(
                [2, "1", "BootNotification", {"chargePointVendor": "M", "chargePointModel": "T"}],
                *(
                    [2, word, "StatusNotification", status | {"status": word}]
                    for word in ("Available", "Preparing", "Charging")
                ),
                [2, "5", "StartTransaction", start],
                [2, "6", "StatusNotification", status | {"status": "Finishing"}],
            )
            assert [socket.receive()[0] for _ in range(6)] == [3] * 6
        assert station.connectors.get().state.status == "Finishing"


class TestWithoutAServer:
    """What a server does only when the moment is right."""

    def test_handshake_that_breaks_off_leaves_the_station_free(self, transactional_db):
        async def send(event):
            raise OSError("reset by peer")

        with pytest.raises(OSError, match="reset"):
            play(factories.station(), [CONNECT], send)
        assert StationConnection.objects.get().token == ""

    def test_frames_after_the_close_are_not_taken(self, transactional_db):
        station, sent = factories.station(), []

        async def send(event):
            sent.append(event)

        frames = [{"type": "websocket.receive", "text": text} for text in ["x"] * 10 + [HEARTBEAT]]
        play(station, [CONNECT, *frames, DISCONNECT], send)
        assert [event["type"] for event in sent] == ["websocket.accept", "websocket.close"]
        assert len(rows_of(station)) == 10


CONNECT = {"type": "websocket.connect"}
DISCONNECT = {"type": "websocket.disconnect", "code": 1005}
HEARTBEAT = '[2,"m","Heartbeat",{}]'


def play(station, events, send):
    """Run the consumer over these events with a node of its own."""
    scope = {
        "type": "websocket",
        "subprotocols": ["ocpp1.6"],
        "headers": [],
        "url_route": {"kwargs": {"identity": station.identity}},
    }

    async def life():
        node, waiting = Node(routes(), stages()), iter(events)
        await node.start()

        async def receive():
            return next(waiting)

        try:
            await OcppConsumer(node=node)(scope, receive, send)
        finally:
            await node.drain()

    asyncio.run(life())
