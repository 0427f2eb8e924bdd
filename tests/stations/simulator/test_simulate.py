"""`manage.py simulate` runs fleets and benchmarks, and needs no database."""

import asyncio
from io import StringIO

import pytest
from django.core.management import call_command


async def simulate(central, **options):
    output = StringIO()
    await asyncio.to_thread(
        call_command, "simulate", url=central.url, stations=2, stdout=output, **options
    )
    return output.getvalue()


async def test_fleet_ends_after_its_duration(central):
    await simulate(central, ocpp="mixed", duration=0.5, prefix="DEMO", password="secret")
    paths = sorted(socket.request.path for socket in central.sockets)
    assert paths == ["/ocpp/DEMO-0001", "/ocpp/DEMO-0002"]
    assert central.authorizations[0].startswith("Basic ")


@pytest.mark.parametrize("rate", [None, 100.0])
async def test_benchmark_prints_its_table(central, rate):
    text = await simulate(central, benchmark=True, duration=0.3, rate=rate, ocpp="2.0.1")
    assert "messages/s" in text
    assert "TransactionEvent" in text
