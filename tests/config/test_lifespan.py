"""Lifespan events start and drain the node."""

import asyncio

from config.lifespan import lifespan
from config.serving.sansio import DRAIN


class CountingNode:
    def __init__(self, fault=None):
        self.fault = fault
        self.drained = 0

    async def start(self):
        if self.fault:
            raise self.fault

    async def drain(self):
        self.drained += 1


async def run(node, state, during=None):
    events = iter([{"type": "lifespan.startup"}, {"type": "lifespan.shutdown"}])
    sent = []

    async def receive():
        event = next(events)
        if event["type"] == "lifespan.shutdown" and during:
            await during()
        return event

    async def send(event):
        sent.append(event["type"])

    await lifespan(node)({"type": "lifespan", "state": state}, receive, send)
    return sent


async def test_node_is_started_and_drained():
    node = CountingNode()
    assert await run(node, {}) == ["lifespan.startup.complete", "lifespan.shutdown.complete"]
    assert node.drained == 1


async def test_node_is_drained_once_for_all_who_wait():
    node, state = CountingNode(), {}

    async def all_sockets():
        await asyncio.gather(*(state[DRAIN]() for _ in range(10)))

    await run(node, state, all_sockets)
    assert node.drained == 1


async def test_fault_at_the_start_is_told():
    sent = await run(CountingNode(RuntimeError("no database")), {})
    assert sent == ["lifespan.startup.failed"]
