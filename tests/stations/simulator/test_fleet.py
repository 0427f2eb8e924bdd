"""Fleets and benchmarks run against any central system and end cleanly."""

import asyncio
import os

import pytest

from stations.simulator.benchmark import BenchmarkOptions, describe, run_benchmark
from stations.simulator.fleet import FleetOptions, run_fleet
from stations.simulator.processes import cpu_seconds

QUICK = FleetOptions(speedup=100_000, connects_per_s=10_000, fault_chance=0.2)


async def cancelled(task):
    task.cancel()
    with pytest.raises(asyncio.CancelledError):
        await task


@pytest.mark.parametrize(
    ("version", "ending"), [("1.6", "StopTransaction"), ("2.0.1", "TransactionEvent")]
)
async def test_fleet_charges_until_it_is_cancelled(central, version, ending):
    fleet = asyncio.create_task(run_fleet(central.url, 3, version, QUICK))
    for _ in range(5):
        await central.next_call(ending)
    await cancelled(fleet)
    assert len(central.sockets) == 3


async def test_fleet_comes_back_when_connections_are_lost(central):
    quiet = FleetOptions(connects_per_s=10_000)
    fleet = asyncio.create_task(run_fleet(central.url, 1, "1.6", quiet))
    await central.next_call("BootNotification")
    await central.sockets[0].close(1001)
    await central.next_call("BootNotification")
    await cancelled(fleet)


@pytest.mark.parametrize("version", ["1.6", "2.0.1"])
@pytest.mark.parametrize("rate_per_s", [None, 200.0])
async def test_benchmark_counts_confirmed_messages(central, version, rate_per_s):
    options = BenchmarkOptions(
        url=central.url,
        stations=2,
        version=version,
        duration_s=0.3,
        warm_up_s=0.0,
        rate_per_s=rate_per_s,
        server_pids=(os.getpid(),),
    )
    result = await run_benchmark(options)
    assert result.confirmed > 10
    assert not result.errors
    text = "\n".join(describe(result))
    assert "messages/s" in text
    assert "server CPU" in text


async def test_benchmark_counts_refusals(central):
    central.answer = lambda action: {} if action in ("BootNotification", "Heartbeat") else None
    options = BenchmarkOptions(url=central.url, stations=1, duration_s=0.2, warm_up_s=0.0)
    result = await run_benchmark(options)
    assert result.errors["Authorize NotImplemented"] > 0


def test_processor_time_of_a_process_is_read():
    assert cpu_seconds([os.getpid()]) > 0
