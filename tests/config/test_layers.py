"""The local channel layer: messages from other threads wake receivers in the loop."""

import asyncio
import logging
import threading

import pytest
from asgiref.sync import async_to_sync, sync_to_async
from channels.exceptions import ChannelFull

from config.layers import LocalChannelLayer

GREETING = {"type": "greeting", "words": ["hello"]}


@pytest.fixture
def layer():
    return LocalChannelLayer(capacity=3)


def in_thread(function, *arguments):
    thread = threading.Thread(target=async_to_sync(function), args=arguments)
    thread.start()
    return thread


async def waiting(layer, channel):
    receiver = asyncio.create_task(layer.receive(channel))
    await asyncio.sleep(0)
    assert channel in layer.channels
    return receiver


async def test_send_from_another_thread_wakes_the_receiver(layer):
    receiver = await waiting(layer, "mine")
    thread = in_thread(layer.send, "mine", GREETING)
    assert await asyncio.wait_for(receiver, 5) == GREETING
    thread.join()


async def test_group_send_from_another_thread_wakes_all_members(layer):
    receivers = [await waiting(layer, name) for name in ("one", "two")]
    await layer.group_add("all", "one")
    await layer.group_add("all", "two")
    thread = in_thread(layer.group_send, "all", GREETING)
    assert await asyncio.wait_for(asyncio.gather(*receivers), 5) == [GREETING, GREETING]
    thread.join()


async def test_many_threads_lose_nothing():
    layer = LocalChannelLayer(capacity=1000)
    receiver = await waiting(layer, "mine")
    threads = [in_thread(layer.send, "mine", {"number": n}) for n in range(50)]
    messages = [await asyncio.wait_for(receiver, 5)]
    messages += [await asyncio.wait_for(layer.receive("mine"), 5) for _ in range(49)]
    assert sorted(message["number"] for message in messages) == list(range(50))
    for thread in threads:
        thread.join()


async def test_send_from_a_sync_view_arrives_while_the_view_still_runs(layer):
    receiver = await waiting(layer, "mine")
    arrived = threading.Event()
    receiver.add_done_callback(lambda _: arrived.set())

    def view():
        thread = in_thread(layer.send, "mine", GREETING)
        thread.join()
        return arrived.wait(5)

    assert await sync_to_async(view)()


async def test_send_in_the_loop_itself_needs_no_receiver(layer):
    await layer.send("mine", GREETING)
    assert await layer.receive("mine") == GREETING


async def test_receiver_gets_a_copy(layer):
    message = {"words": ["hello"]}
    await layer.send("mine", message)
    message["words"].append("more")
    assert await layer.receive("mine") == {"words": ["hello"]}


async def test_full_channel_refuses_in_the_loop(layer):
    for _ in range(3):
        await layer.send("mine", GREETING)
    with pytest.raises(ChannelFull):
        await layer.send("mine", GREETING)


async def test_full_channel_drops_for_a_group(layer, caplog):
    await layer.group_add("all", "mine")
    with caplog.at_level(logging.WARNING):
        for _ in range(4):
            await layer.group_send("all", GREETING)
    assert "channel mine is full" in caplog.text


def test_layer_outlives_the_loop_of_its_receivers(layer):
    asyncio.run(layer.send("one", GREETING))
    assert asyncio.run(layer.receive("one")) == GREETING
    asyncio.run(layer.send("two", GREETING))
    assert asyncio.run(layer.receive("two")) == GREETING
