"""The scaled size: Redis may vanish for a while, and several nodes are one back office."""

import asyncio
import shutil
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from django.conf import settings

from stations.simulator.station import SimulatedStation
from tests.flows.installation import free_port, wait_for_beat
from tests.flows.redis_server import RedisServer
from tests.flows.scenes import VERSIONS, in_seconds, passed, register, spot, told
from tests.roaming.ocpi_partner import OcpiPartner

pytestmark = [
    pytest.mark.xdist_group("flows-scaled"),
    pytest.mark.django_db,
    pytest.mark.skipif(settings.EMBEDDED, reason="the embedded size has neither Redis nor nodes"),
]

AT_MOST = timedelta(seconds=5)
POLICY_VIOLATION = 1008


@pytest.fixture
def own_redis(tmp_path):
    if shutil.which("redis-server") is None:
        pytest.skip("redis-server is missing")
    with RedisServer(tmp_path) as server:
        yield server


async def test_redis_may_die_and_come_back(installation, own_redis):
    on_own_redis = replace(installation, env=installation.env | {"REDIS_URL": own_redis.url})
    with (
        on_own_redis.serve("--with-celery", "--server", "uvicorn") as office,
        OcpiPartner() as partner,
    ):
        await asyncio.to_thread(wait_for_beat, office)
        await register(office.api, partner)
        async with spot(office, VERSIONS[0]) as begun, spot(office, VERSIONS[1]) as ended:
            window = await ended.set_window(starts_at=in_seconds(0), ends_at=in_seconds(60))
            await ended.told_availability("Inoperative")
            await ended.programs_see(reported_status="Unavailable")

            own_redis.kill()
            boundary = in_seconds(1)
            await begun.set_window(starts_at=boundary)
            await office.api.patch(f"status-windows/{window['id']}/", ends_at=boundary.isoformat())
            assert await begun.station.authorize("nobody") == "Invalid"
            command = await office.api.post(
                f"stations/{begun.station.identity}/commands/", kind="clear_cache", wait=10
            )
            assert command["state"] == "accepted"
            await passed(boundary + timedelta(seconds=1))
            assert begun.station.online
            assert ended.station.online

            await asyncio.to_thread(own_redis.start)
            back_at = in_seconds(0)
            assert await begun.told_availability("Inoperative", within_s=10) <= back_at + AT_MOST
            assert await ended.told_availability("Operative", within_s=10) <= back_at + AT_MOST
            assert await begun.drivers_see("OUT_OF_ORDER") <= back_at + AT_MOST
            assert await ended.drivers_see("AVAILABLE") <= back_at + AT_MOST
            assert (await told(partner, begun, "OUTOFORDER")).at <= back_at + AT_MOST
            for place in (begun, ended):
                assert place.station.boots == 1
                assert (await _clear_cache(office.api, place))[1] <= 1


@pytest.fixture(scope="module")
def two_nodes(installation):
    with (
        installation.serve("--server", "uvicorn") as first,
        installation.serve("--server", "uvicorn", port=free_port()) as second,
    ):
        yield first, second


async def test_command_reaches_a_station_at_another_node(two_nodes):
    first, second = two_nodes
    async with spot(second, "1.6") as place:
        for api in (first.api, second.api):
            command, elapsed_s = await _clear_cache(api, place)
            assert command["state"] == "accepted"
            assert elapsed_s <= 1


async def test_station_that_comes_back_to_another_node_is_served_there(two_nodes):
    first, second = two_nodes
    async with spot(first, "2.0.1") as place:
        older = place.station
        async with SimulatedStation(second.ws_url, older.identity, "2.0.1", evses=1) as newer:
            await newer.boot()
            await older.wait_closed()
            assert older.close_code == POLICY_VIOLATION
            place.station = newer
            command, elapsed_s = await _clear_cache(first.api, place)
            assert command["state"] == "accepted"
            assert elapsed_s <= 1
            station = await first.api.get(f"stations/{newer.identity}/")
            assert station["online"]
            place.station = older


async def _clear_cache(api, place):
    """Return the command and the seconds that it took."""
    begun_s = time.monotonic()
    command = await api.post(
        f"stations/{place.station.identity}/commands/", kind="clear_cache", wait=10
    )
    return command, time.monotonic() - begun_s
