"""The part of a simulated station that boots, reports and charges when somebody stands at it."""

import asyncio
from dataclasses import dataclass, field
from datetime import UTC, datetime
from functools import partial

from stations.simulator.behaviour import Payload
from stations.simulator.configuration import Settings
from stations.simulator.connection import ConnectedStation
from stations.simulator.evses import Evses
from stations.simulator.outbox import Outbox
from stations.simulator.state import (
    Evse,
    NotConnected,
    QueuedMessage,
    Reading,
    Session,
    SessionRefused,
)
from stations.simulator.words import Message


@dataclass(eq=False)
class ChargingStation(ConnectedStation):
    """Boot, statuses and sessions."""

    accepted: bool = field(default=False, init=False)
    """Whether the last BootNotification was accepted."""
    boots: int = field(default=0, init=False)
    """How often it was booted, counted when all that follows a boot is delivered too."""
    settings: Settings = field(init=False, repr=False)
    _evses: Evses = field(init=False, repr=False)
    _outbox: Outbox = field(init=False, repr=False)

    @property
    def has_queued_messages(self) -> bool:
        """Whether transaction messages wait to be delivered."""
        return len(self._outbox) > 0

    def evse(self, evse_id: int) -> Evse:
        """One EVSE; 0 is the station itself.  Raises KeyError."""
        evse = self._evses.find(evse_id)
        if evse is None:
            raise KeyError(evse_id)
        return evse

    def now(self) -> datetime:
        """The time by the clock of the station."""
        return datetime.now(UTC) + self.behaviour.clock_offset

    async def boot(self, reason: str = "PowerUp") -> Payload:
        """Send BootNotification and return its answer; once accepted, report and deliver all."""
        self._evses.forget_reports()
        message = self.words.boot(reason)
        if self.behaviour.pipelined_boot:
            answer = await self._boot_pipelined(message)
        else:
            answer = await self.request(message)
        self.accepted = answer["status"] == "Accepted"
        if self.accepted:
            await self._report_changes()
            await self._outbox.flush()
        self.boots += 1
        self._point.journal.note_change()
        return answer

    async def reconnect(self) -> None:
        """Connect again without a new boot, and deliver what happened meanwhile."""
        await self.connect()
        await self._report_changes()
        await self._outbox.flush()

    async def heartbeat(self) -> Payload:
        """Send Heartbeat."""
        return await self.request(self.words.heartbeat())

    async def authorize(self, id_tag: str) -> str:
        """Ask about a token and return its status."""
        return self.words.id_status(await self.request(self.words.authorize(id_tag)))

    async def set_status(
        self, evse_id: int, status: str, error_code: str = "NoError", info: str | None = None
    ) -> None:
        """Show a status and report it, or as soon as the station is online."""
        evse = self.evse(evse_id)
        evse.status, evse.error_code, evse.info = status, error_code, info
        evse.reported = None
        await self._report_changes()

    async def plug_in(self, evse_id: int) -> None:
        """A cable is plugged in."""
        await self.set_status(evse_id, "Preparing")

    async def start(
        self,
        evse_id: int,
        id_tag: str,
        meter_wh: int | None = None,
        timestamp: datetime | None = None,
    ) -> Session:
        """Start a session; it ends at once if the token is refused.  Raises SessionRefused."""
        return await self._start(evse_id, id_tag, meter_wh=meter_wh, started_at=timestamp)

    async def meter(
        self, evse_id: int, energy_wh: int, power_w: int = 0, timestamp: datetime | None = None
    ) -> None:
        """Read the meter, within a session or without."""
        evse = self.evse(evse_id)
        evse.meter_wh = energy_wh
        reading = Reading(read_at=timestamp or self.now(), energy_wh=energy_wh, power_w=power_w)
        if evse.session is None:
            await self.request(self.words.meter_values(evse_id, reading))
        else:
            build = self.words.metered(evse.session, reading, offline=not self.online)
            await self._outbox.put(QueuedMessage(build))

    async def stop(
        self, evse_id: int, reason: str = "Local", timestamp: datetime | None = None
    ) -> Session:
        """End the session and unplug.  Raises SessionRefused when there is none."""
        evse = self.evse(evse_id)
        session = evse.session
        if session is None:
            raise SessionRefused(f"no session on EVSE {evse_id}")
        session.stop_reason = reason
        reading = Reading(
            read_at=timestamp or self.now(), energy_wh=evse.meter_wh, context="Transaction.End"
        )
        build = self.words.ended(session, reading, offline=not self.online)
        evse.session, evse.status = None, "Finishing"
        await self._outbox.put(QueuedMessage(build))
        await self._report_changes()
        evse.status = "Available"
        await self._session_ended()
        return session

    async def report(self, evse: Evse) -> None:
        """Report the state of an EVSE; when the connection is lost meanwhile, once it is back."""
        evse.reported = self._evses.report_of(evse)
        try:
            for message in self.words.statuses(evse):
                await self.request(message)
        except NotConnected:
            evse.reported = None

    async def _report_changes(self) -> None:
        """Report what differs from the last report, if anybody listens."""
        for evse in self._evses.unreported():
            if self.online and self.accepted:
                await self.report(evse)
        self._point.journal.note_change()

    async def _boot_pipelined(self, message: Message) -> Payload:
        evses = self._evses.unreported()
        statuses = [status for evse in evses for status in self.words.statuses(evse)]
        for evse in evses:
            evse.reported = self._evses.report_of(evse)
        calls = [self._point.request(each, pipelined=True) for each in (message, *statuses)]
        answer, *_ = await asyncio.gather(*calls, return_exceptions=True)
        if isinstance(answer, BaseException):
            raise answer
        return answer

    async def _start(
        self,
        evse_id: int,
        id_tag: str,
        *,
        meter_wh: int | None = None,
        started_at: datetime | None = None,
        remote_start_id: int | None = None,
        is_remote: bool = False,
    ) -> Session:
        evse = self._evses.free(evse_id)
        if evse is None or not self.boots:
            raise SessionRefused(f"EVSE {evse_id} is in use, out of service or not booted")
        evse.meter_wh = evse.meter_wh if meter_wh is None else meter_wh
        session = Session(
            evse_id=evse_id,
            id_tag=id_tag,
            started_at=started_at or self.now(),
            meter_start_wh=evse.meter_wh,
            remote_start_id=remote_start_id,
            is_remote=is_remote,
        )
        build = self.words.begun(session, offline=not self.online)
        evse.session, evse.status, evse.reservation_id = session, "Preparing", None
        await self._report_changes()
        await self._outbox.put(QueuedMessage(build, partial(self.words.learn, session)))
        await self._charge_or_end(evse, session)
        return session

    async def _charge_or_end(self, evse: Evse, session: Session) -> None:
        refused = session.id_status not in {"", "Accepted"}
        if refused and self.settings.is_on(self.words.stop_on_invalid_id):
            await self.stop(evse.evse_id, "DeAuthorized")
        elif evse.session is session:
            evse.status = "Charging"
            await self._report_changes()

    async def _session_ended(self) -> None:
        """Apply what waited for the end of a session."""
        self._evses.settle()
        await self._report_changes()
