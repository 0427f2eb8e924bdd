"""What a flow begins with: a station in service at a published location, and its partner."""

import asyncio
import itertools
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Any

from stations.simulator.station import SimulatedStation
from tests.flows.api import Api
from tests.flows.installation import Office
from tests.roaming.ocpi_partner import OcpiPartner, Push

VERSIONS = ["1.6", "2.0.1"]
PATIENCE_S = 20

_numbers = itertools.count(1)


@dataclass
class Spot:
    """One EVSE, its station, and how drivers and programs see it."""

    api: Api
    station: SimulatedStation
    uid: str
    slug: str
    location: int

    async def seen_by_drivers(self) -> Any:
        locations = await self.api.get("status/locations.json")
        evses = next(each["evses"] for each in locations if each["slug"] == self.slug)
        return next(each for each in evses if each["uid"] == self.uid)

    async def drivers_see(self, status: str, *, within_s: float = 5.0) -> datetime:
        """Return when drivers saw it first."""
        await self.api.until(
            lambda locations: self._status_in(locations) == status,
            "status/locations.json",
            within_s=within_s,
        )
        return now()

    async def seen_by_programs(self) -> Any:
        return await self.api.get(f"evses/{self.uid}/")

    async def programs_see(self, *, within_s: float = 5.0, **facts: Any) -> Any:
        return await self.api.until(
            lambda evse: all(evse[name] == value for name, value in facts.items()),
            f"evses/{self.uid}/",
            within_s=within_s,
        )

    async def set_window(
        self, *, starts_at: datetime, ends_at: datetime | None = None, **values: Any
    ) -> Any:
        wanted = {"status": "OUT_OF_ORDER", "takes_out_of_service": True} | values
        return await self.api.post(
            "status-windows/",
            evse=self.uid,
            starts_at=starts_at.isoformat(),
            ends_at=None if ends_at is None else ends_at.isoformat(),
            **wanted,
        )

    async def told_availability(self, wanted: str, *, within_s: float = 5.0) -> datetime:
        """Return when the station received the next ChangeAvailability, which must say `wanted`."""
        payload = await self.station.wait_for("ChangeAvailability", within_s)
        assert payload.get("type", payload.get("operationalStatus")) == wanted
        return [call.at for call in self.station.received if call.action == "ChangeAvailability"][
            -1
        ]

    def _status_in(self, locations: Any) -> str:
        for location in locations:
            for evse in location["evses"]:
                if evse["uid"] == self.uid:
                    return str(evse["status"])
        return ""


@asynccontextmanager
async def spot(office: Office, version: str) -> AsyncIterator[Spot]:
    """A station in service, connected and booted, whose one EVSE drivers see as available."""
    async with prepared(office, version) as place:
        await place.station.connect()
        await place.station.boot()
        yield await known(place)


@asynccontextmanager
async def prepared(office: Office, version: str) -> AsyncIterator[Spot]:
    """The same before the station connects for the first time."""
    api, number = office.api, next(_numbers)
    location = await api.post(
        "locations/",
        name=f"Square {number}",
        address="Square 1",
        city="Utrecht",
        latitude="52.09",
        longitude="5.11",
    )
    identity = f"FLOW-{number}"
    await api.post("stations/", identity=identity, location=location["id"], setup_state="ACTIVE")
    station = SimulatedStation(office.ws_url, identity, version, evses=1)
    try:
        yield Spot(api, station, "", location["slug"], location["id"])
    finally:
        await station.__aexit__(None, None, None)


async def known(place: Spot) -> Spot:
    """Give the EVSE, which a boot has made known, its EVSE ID."""
    (evse,) = await place.api.list("evses/", station=place.station.identity)
    place.uid = evse["uid"]
    number = place.station.identity.partition("-")[2]
    await place.api.patch(f"evses/{place.uid}/", evse_id=f"NL*CHD*E{number}")
    await place.drivers_see("AVAILABLE")
    return place


async def register(api: Api, partner: OcpiPartner, name: str = "Partner mobility") -> int:
    """Shake hands with a partner; from then on it is told of changes."""
    made = await api.post(
        "partners/", name=name, versions_url=partner.versions_url, token_a=partner.token_a
    )
    assert made["state"] == "registered"
    return int(made["id"])


async def told(
    partner: OcpiPartner, place: Spot, status: str, *, after: datetime | None = None
) -> Push:
    """Wait until a partner has acknowledged a status of an EVSE, and return the request."""
    count = 0
    while True:
        count += 1
        pushes = await asyncio.to_thread(partner.wait_for_pushes, count)
        for push in pushes[count - 1 :]:
            is_late_enough = after is None or push.at >= after
            if is_late_enough and statuses_in(push).get(place.uid) == status:
                return push
        count = len(pushes)


def statuses_in(push: Push) -> dict[str, str]:
    """The statuses that a push told, by UID of the EVSE."""
    if push.method == "PATCH":
        return {push.path.rpartition("/")[2]: push.body["status"]}
    return {evse["uid"]: evse["status"] for evse in push.body["evses"]}


def now() -> datetime:
    return datetime.now(UTC)


def in_seconds(seconds: float) -> datetime:
    return now() + timedelta(seconds=seconds)


async def passed(moment: datetime) -> None:
    """Let the time pass until a moment."""
    await asyncio.sleep(max((moment - now()).total_seconds(), 0))
