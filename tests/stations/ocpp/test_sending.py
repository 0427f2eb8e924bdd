"""The way out of a socket: at once when it can be, in order when it cannot."""

import asyncio

import pytest

from stations.ocpp.sending import MAX_WAITING, Outbox


class Pipe:
    """A transport that is full until `drain` is called."""

    def __init__(self):
        self.sent = []
        self.is_empty = asyncio.Event()
        self.turns = 1

    async def send(self, event):
        for _ in range(self.turns):
            await self.is_empty.wait()
        self.sent.append(event)

    def drain(self):
        self.is_empty.set()


def numbered(count):
    return [{"text": str(number)} for number in range(count)]


async def test_open_transport_gets_the_event_at_once():
    pipe = Pipe()
    pipe.drain()
    Outbox(pipe.send).send({"text": "1"})
    assert pipe.sent == [{"text": "1"}]


@pytest.mark.parametrize("turns", [1, 2])
async def test_order_is_kept_while_the_transport_blocks(turns):
    pipe = Pipe()
    pipe.turns = turns
    outbox = Outbox(pipe.send)
    for event in numbered(5):
        outbox.send(event)
    assert pipe.sent == []
    pipe.drain()
    await outbox.emptied()
    assert pipe.sent == numbered(5)


async def test_after_blocking_events_leave_at_once_again():
    pipe = Pipe()
    outbox = Outbox(pipe.send)
    outbox.send({"text": "1"})
    pipe.drain()
    await outbox.emptied()
    outbox.send({"text": "2"})
    assert pipe.sent == [{"text": "1"}, {"text": "2"}]


async def test_outbox_is_full_until_the_peer_reads():
    pipe = Pipe()
    outbox = Outbox(pipe.send)
    for event in numbered(MAX_WAITING + 1):
        outbox.send(event)
    assert outbox.is_full
    pipe.drain()
    await outbox.emptied()
    assert not outbox.is_full


async def test_nothing_sent_is_nothing_to_wait_for():
    await Outbox(Pipe().send).emptied()


@pytest.mark.parametrize("error", [RuntimeError, OSError, ValueError])
async def test_closed_socket_swallows_events(error):
    async def send(event):
        raise error("closed")

    outbox = Outbox(send)
    outbox.send({"text": "1"})
    outbox.send({"text": "2"})


async def test_socket_that_closes_while_it_blocks_swallows_what_waits():
    gone = asyncio.get_running_loop().create_future()

    async def send(event):
        await gone

    outbox = Outbox(send)
    for event in numbered(3):
        outbox.send(event)
    gone.set_exception(OSError("reset by peer"))
    await outbox.emptied()
    assert not outbox.is_full


async def test_transport_that_copes_with_a_failure_goes_on():
    first = asyncio.get_running_loop().create_future()
    sent = []

    async def send(event):
        try:
            await first
        except OSError:
            sent.append("coped")

    outbox = Outbox(send)
    outbox.send({"text": "1"})
    first.set_exception(OSError("try again"))
    await outbox.emptied()
    assert sent == ["coped"]


async def test_loop_that_ends_takes_the_rest_with_it():
    pipe = Pipe()
    outbox = Outbox(pipe.send)
    for event in numbered(2):
        outbox.send(event)
    waiting = [task for task in asyncio.all_tasks() if task is not asyncio.current_task()]
    for task in waiting:
        task.cancel()
    await asyncio.wait(waiting)
    assert pipe.sent == []
