"""The inbox counts what waits, and tells when to stop reading and when to go on."""

import asyncio

import pytest

from config.serving.inbox import HIGH_WATER_FRAMES, LOW_WATER_FRAMES, Inbox


def frame(number):
    return {"type": "websocket.receive", "text": str(number)}


@pytest.fixture
def calls():
    return []


@pytest.fixture
def inbox(calls):
    return Inbox(on_room=lambda: calls.append("room"))


def fill(inbox, count):
    for number in range(count):
        inbox.put_nowait(frame(number))


async def test_events_come_out_in_order(inbox):
    fill(inbox, 3)
    assert [(await inbox.get())["text"] for _ in range(3)] == ["0", "1", "2"]


async def test_reader_waits_for_an_event(inbox):
    reader = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    inbox.put_nowait(frame(1))
    assert await asyncio.wait_for(reader, 5) == frame(1)


async def test_cancelled_wait_loses_nothing(inbox):
    reader = asyncio.create_task(inbox.get())
    await asyncio.sleep(0)
    inbox.put_nowait(frame(1))
    reader.cancel()
    await asyncio.gather(reader, return_exceptions=True)
    assert await inbox.get() == frame(1)


def test_it_is_full_above_the_high_water(inbox):
    fill(inbox, HIGH_WATER_FRAMES)
    assert not inbox.is_full
    inbox.put_nowait(frame(0))
    assert inbox.is_full


async def test_room_is_told_once_below_the_low_water(inbox, calls):
    fill(inbox, HIGH_WATER_FRAMES + 1)
    while len(inbox) > LOW_WATER_FRAMES:
        await inbox.get()
    assert calls == []
    await inbox.get()
    await inbox.get()
    assert calls == ["room"]


async def test_empty_inbox_keeps_no_queue(inbox):
    fill(inbox, 1)
    await inbox.get()
    assert inbox.empty()
    assert len(inbox) == 0
