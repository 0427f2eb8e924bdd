"""Stations, sessions and commands outlive the server that served them."""

import asyncio
import signal

import pytest

from tests.flows.conftest import server_of_size
from tests.flows.installation import STOP_TIMEOUT_S
from tests.flows.scenes import spot

pytestmark = [pytest.mark.xdist_group("flows-restart"), pytest.mark.django_db]

GOING_AWAY = 1001
NO_GOODBYE = 1006


def serve(installation):
    return installation.serve("--with-celery", "--server", server_of_size())


async def test_sessions_and_commands_go_on_after_restarts(installation):
    with serve(installation) as office:
        async with (
            spot(office, "1.6") as old,
            spot(office, "2.0.1") as new,
            spot(office, "1.6") as away,
            spot(office, "2.0.1") as silent,
        ):
            await office.api.post("tokens/", uid="GO-ON")
            for place in (old, new):
                await place.station.start(1, "GO-ON", meter_wh=1000)
                await place.drivers_see("OCCUPIED")
            await away.station.disconnect()
            queued = await _clear_cache(office.api, away, expires_in=120)
            silent.station.behaviour.silent = {"ClearCache"}
            under_way = await _clear_cache(office.api, silent)
            await silent.station.wait_for("ClearCache")

            office.kill()
            await _lost([old, new, silent], NO_GOODBYE)
            for place in (old, new):
                await place.station.meter(1, 5000)

            silent.station.behaviour.silent = set()
            with serve(installation) as office:
                for place in (old, new, away, silent):
                    place.api = office.api
                    await place.station.reconnect()
                await away.station.wait_for("ClearCache")
                await _becomes(office.api, queued, "accepted")
                follower = await _clear_cache(office.api, silent)
                await _becomes(office.api, under_way, "timed_out")
                await _becomes(office.api, follower, "accepted")
                office.process.send_signal(signal.SIGTERM)
                await asyncio.to_thread(office.process.wait, STOP_TIMEOUT_S)
                await _lost([old, new, away, silent], GOING_AWAY)

            with serve(installation) as office:
                for place in (old, new):
                    place.api = office.api
                    await place.station.reconnect()
                    await place.station.stop(1)
                    assert place.station.boots == 1
                    (session,) = await office.api.list("sessions/", station=place.station.identity)
                    assert (session["state"], session["energy_wh"]) == ("ended", 4000)
                    await place.drivers_see("AVAILABLE")


async def _lost(places, close_code):
    for place in places:
        await place.station.wait_closed()
        assert place.station.close_code == close_code


async def _clear_cache(api, place, **options):
    address = f"stations/{place.station.identity}/commands/"
    return await api.post(address, kind="clear_cache", **options)


async def _becomes(api, command, state):
    await api.until(
        lambda found: found["state"] == state, f"commands/{command['id']}/", within_s=15
    )
