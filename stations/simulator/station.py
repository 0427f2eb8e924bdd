"""A simulated charging station that tests and fleets drive, alike in both versions of OCPP."""

from collections.abc import Callable, Coroutine, Sequence
from dataclasses import dataclass
from functools import partial
from typing import Any

from stations.simulator.charging import ChargingStation
from stations.simulator.evses import Evses
from stations.simulator.outbox import Outbox
from stations.simulator.point import Point
from stations.simulator.state import Evse, Outcome
from stations.simulator.v16 import WordsV16
from stations.simulator.v201 import WordsV201
from stations.simulator.words import Words

WORDS: dict[str, type[Words]] = {words.version: words for words in (WordsV16, WordsV201)}


@dataclass(eq=False)
class SimulatedStation(ChargingStation):
    """One station with as many EVSEs as wanted, each with one connector.

    `async with SimulatedStation(url, identity) as station:` connects; `await station.boot()`
    makes it known.  It answers the central system by itself.  Statuses are words of 1.6.
    """

    def __post_init__(self) -> None:
        self.serial = self.serial or self.identity[-25:]
        self.words = WORDS[self.version](self)
        self.settings = self.words.fresh_settings(self.evses)
        self._evses = Evses(self.evses)
        self._point = Point(self.identity, self.words, self.behaviour, self.version)
        self._point.timeout_s = self.timeout_s
        self._outbox = Outbox(self.request, lambda: self.online and self.accepted)
        self.is_restarting = False
        self._restarts_when_idle = False

    def find_evse(self, evse_id: int) -> Evse | None:
        """The EVSE of that number, 0 included."""
        return self._evses.find(evse_id)

    def all_evses(self) -> list[Evse]:
        """The real EVSEs."""
        return self._evses.all()

    def shown_status(self, evse: Evse) -> str:
        """The status that the EVSE reports."""
        return self._evses.shown_status(evse)

    def defer(self, begin: Callable[[], Coroutine[Any, Any, object]]) -> None:
        """Do something once the answer to the CALL in hand has been sent."""
        self._point.tasks.defer(begin)

    def change_availability(self, evse_ids: Sequence[int], *, operative: bool) -> Outcome:
        """Take EVSEs in or out of service, those in use when their session ends."""
        if self.behaviour.ignores_availability:
            return Outcome.ACCEPTED
        outcome = self._evses.want_operative(evse_ids, operative=operative)
        self.defer(self._settle_availability)
        return outcome

    def reserve(self, evse_id: int, reservation_id: int) -> bool:
        """Reserve a free EVSE."""
        self.defer(self._report_changes)
        return self._evses.reserve(evse_id, reservation_id) is not None

    def cancel_reservation(self, reservation_id: int) -> bool:
        """Forget a reservation."""
        self.defer(self._report_changes)
        return self._evses.cancel_reservation(reservation_id) is not None

    def unlock(self, evse_id: int) -> bool:
        """Open the lock of a connector; a session there ends."""
        evse = self._evses.find(evse_id)
        if evse is not None and evse.session is not None:
            self.defer(partial(self.stop, evse_id, "UnlockCommand"))
        return evse is not None

    def remote_start(
        self, evse_id: int | None, id_tag: str, *, remote_start_id: int | None = None
    ) -> Outcome:
        """Start a session for somebody far away, where an EVSE is free."""
        evse = self._evses.free(evse_id)
        if evse is None or not self.accepted:
            return Outcome.REJECTED
        self.defer(partial(self._start_remotely, evse.evse_id, id_tag, remote_start_id))
        return Outcome.ACCEPTED

    def remote_stop(self, transaction_id: str | int) -> Outcome:
        """End the session with that transaction."""
        evse = self._evses.charging(transaction_id)
        if evse is None:
            return Outcome.REJECTED
        self.defer(partial(self.stop, evse.evse_id, "Remote"))
        return Outcome.ACCEPTED

    def restart(self, *, hard: bool, when_idle: bool = False) -> Outcome:
        """Restart now, or when the last session has ended."""
        if when_idle and self._evses.has_sessions:
            self._restarts_when_idle = True
            return Outcome.SCHEDULED
        self.defer(partial(self._restart, hard=hard))
        return Outcome.ACCEPTED

    async def sample(self, evse_id: int) -> None:
        """Send the meter value of an EVSE."""
        await self.meter(evse_id, self.evse(evse_id).meter_wh)

    async def _settle_availability(self) -> None:
        self._evses.settle()
        await self._report_changes()

    async def _start_remotely(self, evse_id: int, id_tag: str, remote_start_id: int | None) -> None:
        must_ask = self.settings.is_on(self.words.authorize_remote_start)
        if must_ask and await self.authorize(id_tag) != "Accepted":
            return
        await self._start(evse_id, id_tag, remote_start_id=remote_start_id, is_remote=True)

    async def _session_ended(self) -> None:
        await super()._session_ended()
        if self._restarts_when_idle and not self._evses.has_sessions:
            self._restarts_when_idle = False
            self._point.tasks.start(self._restart(hard=False))

    async def _restart(self, *, hard: bool) -> None:
        """Go down and come back; what a hard reset cuts off is delivered after the boot."""
        if not hard:
            await self._stop_all("SoftReset")
        self.is_restarting = True
        try:
            await self.disconnect()
            self.accepted = False
            await self._stop_all("HardReset")
            self.settings.reboot()
            await self.connect()
        finally:
            self.is_restarting = False
        await self.boot("RemoteReset")

    async def _stop_all(self, reason: str) -> None:
        for evse in self._evses.all():
            if evse.session is not None:
                await self.stop(evse.evse_id, reason)
