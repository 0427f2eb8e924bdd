"""Stations that all come at once, as after a power cut, are all served."""

import asyncio
from contextlib import asynccontextmanager

import pytest

from stations.simulator.station import SimulatedStation
from tests.flows.scenes import VERSIONS

pytestmark = [pytest.mark.xdist_group("flows-shared"), pytest.mark.django_db]

STATIONS = 200


@pytest.fixture
async def open_office(office):
    """Unknown stations are let in meanwhile."""
    (operator,) = await office.api.list("operators/")
    await office.api.patch(f"operators/{operator['id']}/", unknown_stations="accept")
    yield office
    await office.api.patch(f"operators/{operator['id']}/", unknown_stations="hold")


@asynccontextmanager
async def fleet(office):
    stations = [
        SimulatedStation(office.ws_url, f"STORM-{number}", VERSIONS[number % 2], evses=1)
        for number in range(STATIONS)
    ]
    try:
        yield stations
    finally:
        await asyncio.gather(*(each.disconnect() for each in stations))


async def test_two_hundred_stations_that_come_at_once_are_all_served(open_office):
    async with fleet(open_office) as stations:
        await asyncio.gather(*(each.connect() for each in stations))
        answers = await asyncio.gather(*(each.boot() for each in stations))
        assert {answer["status"] for answer in answers} == {"Accepted"}
        await asyncio.gather(*(each.disconnect() for each in stations))
        await asyncio.gather(*(each.reconnect() for each in stations))
        answers = await asyncio.gather(*(each.heartbeat() for each in stations))
        assert len(answers) == STATIONS
