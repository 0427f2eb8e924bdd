"""A window takes effect at the station, for drivers and at the partner, and is taken back."""

import asyncio
import statistics
from contextlib import AsyncExitStack
from datetime import timedelta

import pytest

from tests.flows.scenes import VERSIONS, in_seconds, prepared, register, spot, told
from tests.roaming.ocpi_partner import OcpiPartner

pytestmark = [
    pytest.mark.django_db,  # its database is what installations are copied from
    pytest.mark.xdist_group("flows-shared"),
    pytest.mark.parametrize("version", VERSIONS),
]

SOON = timedelta(seconds=2)
SAMPLES = 6
BEATS = [timedelta(seconds=0.39 * number) for number in range(SAMPLES)]


@pytest.fixture(scope="module")
def partner(office):
    with OcpiPartner() as made:
        asyncio.run(register(office.api, made))
        yield made
        assert made.problems == []


async def test_window_comes_into_force_everywhere_and_ends_everywhere(office, partner, version):
    async with spot(office, version) as place:
        starts_at = in_seconds(3)
        ends_at = starts_at + SOON
        await place.set_window(starts_at=starts_at, ends_at=ends_at, message="Cable swap")

        at_station, _, _ = await asyncio.gather(
            place.told_availability("Inoperative", within_s=6),
            place.drivers_see("OUT_OF_ORDER", within_s=6),
            place.programs_see(published_status="OUT_OF_ORDER", within_s=6),
        )
        told_push = await told(partner, place, "OUTOFORDER")
        shown, evse = await asyncio.gather(place.seen_by_drivers(), place.seen_by_programs())
        assert starts_at <= at_station <= starts_at + SOON
        assert shown["since"] == evse["published_at"]
        assert shown["message"] == "Cable swap"
        assert told_push.at <= at_station + SOON
        await place.programs_see(
            reported_status="Unavailable",
            desired_availability="Inoperative",
            availability_outcome="accepted",
        )

        back_at_station = await place.told_availability("Operative", within_s=6)
        await place.drivers_see("AVAILABLE")
        await place.programs_see(
            published_status="AVAILABLE", desired_availability="Operative", active_window=None
        )
        told_push = await told(partner, place, "AVAILABLE", after=at_station)
        assert ends_at <= back_at_station <= ends_at + SOON
        assert told_push.at <= back_at_station + SOON


async def test_station_that_is_offline_at_the_start_is_told_when_it_is_back(
    office, partner, version
):
    async with spot(office, version) as place:
        await place.station.drop()
        starts_at = in_seconds(1)
        await place.set_window(starts_at=starts_at)
        await place.drivers_see("OUT_OF_ORDER")
        assert (await told(partner, place, "OUTOFORDER")).at <= starts_at + 2 * SOON
        await place.programs_see(availability_outcome="offline")

        back_at = in_seconds(0)
        await place.station.reconnect()
        assert await place.told_availability("Inoperative") <= back_at + SOON
        await place.programs_see(availability_outcome="accepted", reported_status="Unavailable")


async def test_station_that_is_offline_at_the_end_is_told_when_it_is_back(office, partner, version):
    async with spot(office, version) as place:
        window = await place.set_window(starts_at=in_seconds(0))
        await place.told_availability("Inoperative")
        await place.programs_see(reported_status="Unavailable")
        await place.station.drop()
        ends_at = in_seconds(0.5)
        await office.api.patch(f"status-windows/{window['id']}/", ends_at=ends_at.isoformat())
        await place.programs_see(desired_availability="Operative", active_window=None)

        back_at = in_seconds(0)
        await place.station.reconnect()
        assert await place.told_availability("Operative") <= back_at + SOON
        await place.drivers_see("AVAILABLE")
        await told(partner, place, "AVAILABLE", after=back_at)


async def test_station_that_first_connects_within_a_window_is_told_after_its_boot(office, version):
    async with prepared(office, version) as place:
        await office.api.post(
            "status-windows/",
            station=place.station.identity,
            status="OUT_OF_ORDER",
            takes_out_of_service=True,
        )
        await place.station.connect()
        await place.station.boot()
        await place.told_availability("Inoperative")
        (evse,) = await office.api.list("evses/", station=place.station.identity)
        assert evse["published_status"] == "OUT_OF_ORDER"


async def test_running_session_ends_in_peace(office, partner, version):
    async with spot(office, version) as place:
        await office.api.post("tokens/", uid=f"TAG-{place.station.identity}")
        await place.station.start(1, f"TAG-{place.station.identity}")
        await place.drivers_see("OCCUPIED")
        starts_at = in_seconds(1)
        await place.set_window(starts_at=starts_at, ends_at=in_seconds(60))
        assert await place.told_availability("Inoperative") <= starts_at + SOON
        await place.drivers_see("OUT_OF_ORDER")
        await told(partner, place, "OUTOFORDER")
        await place.programs_see(availability_outcome="scheduled")
        assert (await place.seen_by_programs())["reported_status"] in {"Charging", "Occupied"}

        await place.station.stop(1)
        await place.programs_see(reported_status="Unavailable", published_status="OUT_OF_ORDER")
        (session,) = await office.api.list("sessions/", station=place.station.identity)
        assert session["state"] == "ended"


async def test_latency(office, partner, version, request):
    async with AsyncExitStack() as stack:
        places = [await stack.enter_async_context(spot(office, version)) for _ in range(SAMPLES)]
        first_at = in_seconds(1)
        # Spread over the seconds, since beat looks once a second.
        starts = {place.uid: first_at + BEATS[i] for i, place in enumerate(places)}
        for place in places:
            await place.set_window(starts_at=starts[place.uid])
        at_stations, at_drivers, at_partner = await asyncio.gather(
            asyncio.gather(
                *(each.told_availability("Inoperative", within_s=10) for each in places)
            ),
            _first_seen(office.api, starts),
            asyncio.gather(*(told(partner, each, "OUTOFORDER") for each in places)),
        )
    for name, ats in {
        "station": at_stations,
        "drivers": [at_drivers[place.uid] for place in places],
        "partner": [push.at for push in at_partner],
    }.items():
        latencies_s = [
            (at - starts[place.uid]).total_seconds() for place, at in zip(places, ats, strict=True)
        ]
        request.node.user_properties.append((f"latency_{name}_s", latencies_s))
        assert statistics.median(latencies_s) <= SOON.total_seconds()


async def _first_seen(api, uids):
    """Look at the drivers' page until all are out of order, and say when each was seen first."""
    seen = {}
    while len(seen) < len(uids):
        for location in await api.get("status/locations.json"):
            for evse in location["evses"]:
                if evse["uid"] in uids and evse["status"] == "OUT_OF_ORDER":
                    seen.setdefault(evse["uid"], in_seconds(0))
    return seen
