"""One socket: CALLs wait their turn, one of ours is under way, and what is no frame is told."""

import asyncio
import json

import pytest

from diagnostics.models import Message
from stations.ocpp.connection import MAX_GARBAGE, MAX_TEXT_KEPT, Connection, OutgoingCall, Peer
from stations.ocpp.frames import CallError, CallResult
from stations.ocpp.sending import Outbox
from tests.stations.ocpp.batches import V16, V201, Desk, Line, Wire, commit

pytestmark = pytest.mark.django_db


def rows():
    return list(Message.objects.order_by("pk"))


def heartbeat(number):
    return f'[2,"m{number}","Heartbeat",{{}}]'


def order(timeout_s=30, message_id="ours"):
    return OutgoingCall(
        command_id=0,
        station_id=0,
        message_id=message_id,
        action="ClearCache",
        payload_text="{}",
        logged_text="{}",
        timeout_s=timeout_s,
    )


class SlowWire(Wire):
    """A socket whose peer reads only while `is_open` is set."""

    def __init__(self):
        super().__init__()
        self.is_open = asyncio.Event()
        self.is_open.set()

    async def send(self, event):
        await self.is_open.wait()
        await super().send(event)


class LooseDesk(Desk):
    """Writes nothing down: keeps what it is given."""

    def __init__(self):
        super().__init__()
        self.notes = []
        self.ends = []
        self.is_settled = asyncio.Event()

    def note(self, exchange):
        self.notes.append(exchange)

    def settle(self, connection, order, frame):
        self.ends.append(frame)
        self.is_settled.set()


class LooseLine:
    """A connection in a loop, without a database; `answer` answers the CALL in hand."""

    def __init__(self, version=V16, max_waiting=64):
        self.wire, self.desk = SlowWire(), LooseDesk()
        self.connection = Connection(
            Peer(1, "CS1", version, "token"),
            outbox=Outbox(self.wire.send),
            desk=self.desk,
            max_waiting=max_waiting,
        )

    def answer(self):
        (item,) = self.desk.take()
        item.reply = json.dumps([3, item.frame.message_id, {}])
        item.release()


class TestGarbage:
    def test_of_16_is_logged_and_dropped(self):
        line = Line(V16)
        line.connection.receive('[2, "m", broken')
        commit(line)
        assert line.wire.frames == []
        assert (rows()[0].outcome, rows()[0].payload) == ("malformed", '[2, "m", broken')
        assert "not JSON" in rows()[0].answer

    def test_of_201_is_answered(self):
        line = Line(V201)
        line.connection.receive("broken")
        assert line.wire.frames[0][:3] == [4, "-1", "RpcFrameworkError"]

    @pytest.mark.parametrize(
        ("version", "code"), [(V16, "FormationViolation"), (V201, "RpcFrameworkError")]
    )
    def test_with_a_readable_id_is_answered(self, version, code):
        line = Line(version)
        line.connection.receive('[2,"m","Heartbeat"]')
        assert line.wire.frames[0][:3] == [4, "m", code]

    @pytest.mark.parametrize("version", [V16, V201])
    @pytest.mark.parametrize("text", ["", "{", "[9]", '[3,"nobody",{}]', '[2,null,"Heartbeat",{}]'])
    def test_and_nothing_else_closes_the_socket(self, version, text):
        line = Line(version)
        for _ in range(MAX_GARBAGE - 1):
            line.connection.receive(text)
        assert line.wire.close_code is None
        line.connection.receive(text)
        commit(line)
        assert line.wire.close_code == 1008
        assert len(rows()) == MAX_GARBAGE

    def test_between_messages_is_forgiven(self):
        line = Line()
        for number in range(MAX_GARBAGE * 2):
            line.connection.receive("broken")
            line.connection.receive(heartbeat(number))
        assert line.wire.close_code is None

    def test_is_kept_in_part_and_without_nul(self):
        line = Line()
        line.connection.receive("\0" + "x" * 10_000)
        commit(line)
        assert rows()[0].payload.startswith("\\u0000x")
        assert len(rows()[0].payload) < MAX_TEXT_KEPT + 10

    def test_binary_frame_closes_the_socket(self):
        line = Line()
        line.connection.receive_binary()
        commit(line)
        assert line.wire.close_code == 1003
        assert rows()[0].answer == "frame is binary, expected text"

    def test_frame_that_the_server_refused_is_logged(self):
        line = Line()
        line.connection.receive_fault(1009)
        commit(line)
        assert rows()[0].answer == "socket was closed with 1009"

    def test_unknown_frame_type_is_ignored_by_16(self):
        line = Line(V16)
        line.connection.receive('[7,"m",{}]')
        commit(line)
        assert line.wire.frames == []
        assert rows()[0].outcome == "malformed"

    def test_unknown_frame_type_is_answered_by_201(self):
        line = Line(V201)
        line.connection.receive('[7,"m",{}]')
        assert line.wire.frames[0][:3] == [4, "m", "MessageTypeNotSupported"]

    def test_answer_to_nothing_is_logged(self):
        line = Line()
        line.connection.receive('[3,"nobody",{}]')
        commit(line)
        assert (rows()[0].outcome, rows()[0].answer) == ("unmatched", "nobody")
        assert line.wire.events == []


class TestTurns:
    def test_pipelined_calls_are_handed_in_one_by_one(self):
        line = Line()
        for number in range(3):
            line.connection.receive(heartbeat(number))
        for number in range(3):
            assert len(line.desk.items) == 1
            commit(line)
            assert line.wire.frames[-1][1] == f"m{number}"
        assert line.desk.items == []

    def test_same_id_twice_is_answered_twice(self):
        line = Line()
        line.connection.receive(heartbeat(1))
        line.connection.receive(heartbeat(1))
        commit(line)
        commit(line)
        assert [frame[1] for frame in line.wire.frames] == ["m1", "m1"]

    async def test_too_many_are_held_back_until_half_are_answered(self):
        line = LooseLine(max_waiting=4)
        for number in range(5):
            line.connection.receive(heartbeat(number))
        room = asyncio.create_task(line.connection.room())
        await asyncio.sleep(0)
        for _ in range(2):
            line.answer()
            await asyncio.sleep(0)
            assert not room.done()
        line.answer()
        await room

    async def test_room_is_there_while_few_wait(self):
        line = LooseLine(max_waiting=4)
        line.connection.receive(heartbeat(1))
        line.connection.receive(heartbeat(2))
        await line.connection.room()

    async def test_socket_that_closes_waits_for_no_room(self):
        line = LooseLine(max_waiting=1)
        for number in range(2):
            line.connection.receive(heartbeat(number))
        room = asyncio.create_task(line.connection.room())
        await asyncio.sleep(0)
        line.connection.close(1001)
        await room

    async def test_peer_that_does_not_read_is_not_listened_to(self):
        line = LooseLine(max_waiting=1000)
        line.wire.is_open.clear()
        for number in range(66):
            line.connection.receive(heartbeat(number))
            line.answer()
        room = asyncio.create_task(line.connection.room())
        await asyncio.sleep(0)
        assert not room.done()
        line.wire.is_open.set()
        await room
        assert [frame[1] for frame in line.wire.frames] == [f"m{number}" for number in range(66)]

    def test_close_is_sent_once(self):
        line = Line()
        line.connection.close(1001)
        line.connection.close(1008)
        assert line.wire.events == [{"type": "websocket.close", "code": 1001}]

    def test_what_waits_is_dropped_with_the_socket(self):
        line = Line()
        for number in range(3):
            line.connection.receive(heartbeat(number))
        line.connection.closed()
        commit(line)
        assert line.desk.items == []


class TestOrders:
    async def test_answer_settles_it(self):
        line = LooseLine()
        line.connection.send_order(order())
        assert line.wire.frames == [[2, "ours", "ClearCache", {}]]
        line.connection.receive('[3,"ours",{"status":"Accepted"}]')
        assert line.desk.ends == [CallResult("ours", {"status": "Accepted"})]
        assert line.connection.order is None

    async def test_error_settles_it(self):
        line = LooseLine()
        line.connection.send_order(order())
        line.connection.receive('[4,"ours","NotSupported","never heard of it",{}]')
        assert line.desk.ends == [CallError("ours", "NotSupported", "never heard of it")]

    @pytest.mark.parametrize(
        "text", ['[3,"ours",[]]', '[3,"ours",{"a":"\\u0000"}]', '[4,"ours",7,"",{}]']
    )
    @pytest.mark.parametrize("version", [V16, V201])
    async def test_answer_that_cannot_be_read_settles_it_as_failed(self, version, text):
        line = LooseLine(version=version)
        line.connection.send_order(order())
        line.connection.receive(text)
        assert [frame.code for frame in line.desk.ends] == ["FormatViolation"]
        assert len(line.wire.frames) == 1

    async def test_time_out_settles_it_and_the_late_answer_is_logged(self):
        line = LooseLine()
        line.connection.send_order(order(timeout_s=0))
        await line.desk.is_settled.wait()
        line.connection.receive('[3,"ours",{}]')
        assert line.desk.ends == [None]
        assert [exchange.outcome for exchange in line.desk.notes] == ["unmatched"]

    async def test_socket_that_closes_settles_it(self):
        line = LooseLine()
        line.connection.send_order(order())
        line.connection.closed()
        line.connection.closed()
        assert line.desk.ends == [None]

    async def test_answer_to_another_id_settles_nothing(self):
        line = LooseLine()
        line.connection.send_order(order())
        line.connection.receive('[3,"theirs",{}]')
        assert line.desk.ends == []
        line.connection.closed()

    async def test_calls_of_the_station_are_served_meanwhile(self):
        line = LooseLine()
        line.connection.send_order(order())
        line.connection.receive(heartbeat(1))
        line.answer()
        assert line.wire.frames[-1][:2] == [3, "m1"]
        line.connection.order.timer.cancel()
