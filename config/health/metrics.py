"""Figures for Prometheus: those of this process by node, and those that the database knows."""

import os
import socket
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import datetime

from asgiref.sync import sync_to_async
from django.db import connection
from django.utils import timezone
from prometheus_client import CollectorRegistry, generate_latest
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.registry import Collector

from roaming.domain.words import DeliveryState
from roaming.models import Delivery
from stations.domain.command import CommandState
from stations.models import Command, Station, StationConnection
from stations.ocpp.node import Node
from stations.services.nodes import beat_age

NODE_NAME = f"{socket.gethostname()}:{os.getpid()}"


@dataclass(frozen=True, slots=True)
class SharedFacts:
    """What is true of the installation, whichever process is asked."""

    stations: int
    online: int
    queued_commands: int
    pending_deliveries: int
    last_beat_at: datetime | None


async def metrics(node: Node) -> bytes:
    """Return the figures in Prometheus' text format; five counting queries."""
    facts = await sync_to_async(read_shared_facts, thread_sensitive=False)()
    registry = CollectorRegistry()
    registry.register(_Families([*_families_of_node(node), *_shared_families(facts)]))
    return generate_latest(registry)


def read_shared_facts() -> SharedFacts:
    """In a thread of the loop's pool, which keeps no connection."""
    try:
        now = timezone.now()
        age = beat_age(now)
        return SharedFacts(
            stations=Station.objects.count(),
            online=StationConnection.objects.exclude(token="").count(),
            queued_commands=Command.objects.filter(state=CommandState.QUEUED).count(),
            pending_deliveries=Delivery.objects.filter(state=DeliveryState.PENDING).count(),
            last_beat_at=None if age is None else now - age,
        )
    finally:
        connection.close()


class _Families(Collector):
    def __init__(self, families: list[Metric]) -> None:
        self._families = families

    def collect(self) -> Iterator[Metric]:
        return iter(self._families)


def _families_of_node(node: Node) -> Iterator[Metric]:
    """Several processes share a port: each scrape is answered by one, which says its name."""
    counters = {
        "chargehand_messages": ("Messages taken in and committed.", node.intake.items),
        "chargehand_batches": ("Batches committed.", node.intake.batches),
    }
    gauges = {
        "chargehand_intake_depth": ("Messages that wait for the next batch.", node.intake.depth),
        "chargehand_sockets": ("Stations connected to this process.", len(node.connections)),
    }
    for name, (text, value) in counters.items():
        counter = CounterMetricFamily(name, text, labels=["node"])
        counter.add_metric([NODE_NAME], value)
        yield counter
    for name, (text, value) in gauges.items():
        gauge = GaugeMetricFamily(name, text, labels=["node"])
        gauge.add_metric([NODE_NAME], value)
        yield gauge


def _shared_families(facts: SharedFacts) -> Iterator[Metric]:
    beat_s = facts.last_beat_at.timestamp() if facts.last_beat_at else 0
    for name, text, value in (
        ("stations", "Stations known.", facts.stations),
        ("stations_online", "Stations with an open socket, on any node.", facts.online),
        ("commands_queued", "Commands that wait to be sent.", facts.queued_commands),
        ("deliveries_pending", "Deliveries that partners must get.", facts.pending_deliveries),
        ("last_beat_timestamp_seconds", "When Celery beat was last seen; 0: never.", beat_s),
    ):
        yield GaugeMetricFamily(f"chargehand_{name}", text, value=value)
