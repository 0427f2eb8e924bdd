"""A fleet of simulated stations that live ordinary lives until they are cancelled."""

import asyncio
import logging
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import cycle
from random import Random

from ocpp.exceptions import OCPPError
from websockets.exceptions import InvalidHandshake

from stations.simulator.state import CallRefused, Evse, NotConnected, Session, SessionRefused
from stations.simulator.station import SimulatedStation

logger = logging.getLogger(__name__)

# What may go wrong between a station and a central system that is restarted, busy or in a bad mood.
LINK_TROUBLE = (OSError, InvalidHandshake, TimeoutError, NotConnected, CallRefused)
FAULTS = ("GroundFailure", "HighTemperature", "ConnectorLockFailure", "PowerSwitchFailure")
POWERS_W = (3_700, 7_400, 11_000, 22_000)
VERSIONS = ("1.6", "2.0.1")
MIXED = "mixed"
LONGEST_RETRY_S = 60.0


@dataclass(frozen=True, slots=True, kw_only=True)
class FleetOptions:
    """How a fleet lives; seconds are those of the stations, `speedup` of them pass in one."""

    prefix: str = "SIM"
    password: str | None = None
    tags: Sequence[str] = ("SIMTAG01", "SIMTAG02", "SIMTAG03")
    evses: int = 2
    speedup: float = 1.0
    seed: int = 1
    connects_per_s: float = 50.0
    heartbeat_s: float = 300.0
    meter_s: float = 60.0
    pause_between_sessions_s: float = 600.0
    longest_session_samples: int = 90
    fault_chance: float = 0.03


async def run_fleet(
    url: str, count: int, version: str = "1.6", options: FleetOptions | None = None
) -> None:
    """Run `count` stations until cancelled; version "mixed" alternates the versions."""
    options = options or FleetOptions()
    versions = cycle(VERSIONS if version == MIXED else (version,))
    async with asyncio.TaskGroup() as group:
        for number, each in zip(range(1, count + 1), versions, strict=False):
            station = SimulatedStation(
                url,
                f"{options.prefix}-{number:04d}",
                each,
                password=options.password,
                evses=options.evses,
            )
            life = Life(station, options, number)
            group.create_task(life.live(delay_s=number / options.connects_per_s))


class Life:
    """What one station goes through."""

    def __init__(self, station: SimulatedStation, options: FleetOptions, number: int) -> None:
        self.station = station
        self.options = options
        # Reproducible, not secret: the same seed gives the same fleet.
        self.random = Random(f"{options.seed}/{number}")  # noqa: S311

    async def live(self, *, delay_s: float) -> None:
        """Connect, boot and charge; when the connection is lost, come back and go on."""
        await asyncio.sleep(delay_s)
        retry_s = 1.0
        while True:
            try:
                async with self.station:
                    await self._boot_until_accepted()
                    retry_s = 1.0
                    await self._work()
            except* LINK_TROUBLE as troubles:
                logger.info("%s: %s", self.station.identity, troubles.exceptions[0])
            except* OCPPError as violations:
                logger.error("%s: %s", self.station.identity, violations.exceptions[0])
            await asyncio.sleep(retry_s * self.random.uniform(0.5, 1.5))
            retry_s = min(retry_s * 2, LONGEST_RETRY_S)

    async def _boot_until_accepted(self) -> None:
        while True:
            answer = await self.station.boot()
            if answer["status"] == "Accepted":
                return
            await self._pass_time(max(float(answer["interval"]), 1.0))

    async def _work(self) -> None:
        async with asyncio.TaskGroup() as group:
            group.create_task(self._notice_loss())
            group.create_task(self._beat())
            for evse_id in range(1, self.options.evses + 1):
                group.create_task(self._serve_drivers(evse_id))

    async def _notice_loss(self) -> None:
        station = self.station
        await station.wait_until(
            lambda: not station.online and not station.is_restarting, timeout=None
        )
        raise NotConnected(f"connection closed with {station.close_code}")

    async def _beat(self) -> None:
        while True:
            await self._pass_time(self.options.heartbeat_s * self.random.uniform(0.9, 1.0))
            await self.station.heartbeat()

    async def _serve_drivers(self, evse_id: int) -> None:
        station = self.station
        while True:
            await self._pass_time(
                self.random.expovariate(1 / self.options.pause_between_sessions_s)
            )
            try:
                await self._serve_one_driver(station.evse(evse_id))
            except SessionRefused as refusal:
                logger.debug("%s: %s", station.identity, refusal)

    async def _serve_one_driver(self, evse: Evse) -> None:
        if evse.session is not None:  # begun from afar, or before the connection was lost
            await self._deliver_energy(evse, evse.session)
        elif self.station.shown_status(evse) != "Available":
            return
        elif self.random.random() < self.options.fault_chance:
            await self._break_down(evse.evse_id)
        else:
            await self._charge(evse)

    async def _break_down(self, evse_id: int) -> None:
        await self.station.set_status(evse_id, "Faulted", self.random.choice(FAULTS))
        await self._pass_time(self.random.uniform(60, 900))
        await self.station.set_status(evse_id, "Available")

    async def _charge(self, evse: Evse) -> None:
        station = self.station
        await station.plug_in(evse.evse_id)
        tag = self.random.choice(self.options.tags)
        if await station.authorize(tag) != "Accepted":
            await station.set_status(evse.evse_id, "Available")
            return
        session = await station.start(evse.evse_id, tag)
        await self._deliver_energy(evse, session)

    async def _deliver_energy(self, evse: Evse, session: Session) -> None:
        power_w = self.random.choice(POWERS_W)
        sample_wh = round(power_w * self.options.meter_s / 3600)
        for _ in range(self.random.randint(1, self.options.longest_session_samples)):
            await self._pass_time(self.options.meter_s)
            if evse.session is not session:
                return
            await self.station.meter(evse.evse_id, evse.meter_wh + sample_wh, power_w)
        if evse.session is session:
            await self.station.stop(evse.evse_id)

    async def _pass_time(self, seconds: float) -> None:
        await asyncio.sleep(seconds / self.options.speedup)
