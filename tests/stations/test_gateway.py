"""Tests of waking nodes over the channel layer."""

import asyncio
import time

import pytest
from asgiref.sync import sync_to_async
from channels.layers import channel_layers, get_channel_layer

from stations import gateway
from stations.gateway import Complaints, node_channel, wake_nodes


class DeadLayer:
    """A layer whose server is away: it fails at once, or hangs."""

    def __init__(self, hangs: bool) -> None:
        self.hangs = hangs

    async def send(self, channel, message):
        if self.hangs:
            await asyncio.Event().wait()
        raise ConnectionError("away")


@pytest.fixture
def layer(settings):
    before = channel_layers.backends.copy()
    channel_layers.backends.clear()
    yield get_channel_layer
    channel_layers.backends.clear()
    channel_layers.backends.update(before)


async def test_each_node_hears_of_the_stations(layer):
    await sync_to_async(wake_nodes)({3, 4}, {8, 7})
    for node_id in (3, 4):
        message = await layer().receive(node_channel(node_id))
        assert message == {"type": "commands.queued", "station_ids": [7, 8]}


def test_no_node_is_no_message(layer):
    channel_layers.backends["default"] = DeadLayer(hangs=True)
    wake_nodes(set(), {7})


def test_an_outage_is_swallowed_and_told_once(layer, caplog, monkeypatch):
    monkeypatch.setattr(gateway, "_complaints", Complaints())
    channel_layers.backends["default"] = DeadLayer(hangs=False)
    wake_nodes({3}, {7})
    wake_nodes({3}, {7})
    assert [record.message for record in caplog.records] == [
        "could not wake nodes [3], they will poll"
    ]


def test_a_hanging_layer_holds_nobody_up(layer, monkeypatch):
    monkeypatch.setattr(gateway, "PATIENCE_S", 0.05)
    channel_layers.backends["default"] = DeadLayer(hangs=True)
    began_s = time.monotonic()
    wake_nodes({3}, {7})
    assert time.monotonic() - began_s < 1


def test_a_complaint_is_due_once_a_minute():
    complaints = Complaints()
    assert [complaints.is_due(now_s) for now_s in (5, 64, 65, 66, 125)] == [
        True,
        False,
        True,
        False,
        True,
    ]
