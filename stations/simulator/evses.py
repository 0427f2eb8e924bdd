"""The EVSEs of a simulated station: availability, reservations and what each shows."""

from collections.abc import Sequence

from stations.simulator.state import Evse, Outcome

WHOLE_STATION = 0


class Evses:
    """EVSEs 1 to n, and number 0 for the station itself."""

    def __init__(self, count: int) -> None:
        self._by_number = {number: Evse(number) for number in range(count + 1)}

    @property
    def station(self) -> Evse:
        """The station as a whole."""
        return self._by_number[WHOLE_STATION]

    @property
    def has_sessions(self) -> bool:
        """Whether anything charges."""
        return any(evse.session for evse in self.all())

    def find(self, evse_id: int) -> Evse | None:
        """The EVSE of that number, 0 included."""
        return self._by_number.get(evse_id)

    def all(self) -> list[Evse]:
        """The real EVSEs."""
        return [evse for number, evse in self._by_number.items() if number != WHOLE_STATION]

    def shown_status(self, evse: Evse) -> str:
        """The status to report, in the words of 1.6."""
        if evse.status == "Faulted" or evse.session is not None:
            return evse.status
        if evse is self.station:
            return evse.status if evse.operative else "Unavailable"
        return evse.status if self._accepts_sessions(evse) else "Unavailable"

    def free(self, evse_id: int | None) -> Evse | None:
        """The EVSE asked for, or the first, if it may start a session now."""
        candidates = self.all() if evse_id is None else [self._by_number.get(evse_id)]
        return next((evse for evse in candidates if evse and self._is_free(evse)), None)

    def charging(self, transaction_id: str | int) -> Evse | None:
        """The EVSE with that transaction."""
        for evse in self.all():
            if evse.session is not None and evse.session.transaction_id == transaction_id:
                return evse
        return None

    def want_operative(self, evse_ids: Sequence[int], *, operative: bool) -> Outcome:
        """Remember the wished availability; `settle` applies it where no session runs."""
        evses = [self._by_number.get(number) for number in evse_ids]
        if None in evses:
            return Outcome.REJECTED
        busy = False
        for evse in filter(None, evses):
            evse.wanted_operative = operative
            busy = busy or (not operative and self._is_busy(evse))
        return Outcome.SCHEDULED if busy else Outcome.ACCEPTED

    def settle(self) -> None:
        """Apply wished availability wherever no session stands in the way."""
        for evse in self._by_number.values():
            wanted = evse.wanted_operative
            if wanted is not None and (wanted or not self._is_busy(evse)):
                evse.operative, evse.wanted_operative = wanted, None

    def unreported(self) -> list[Evse]:
        """Those that show something else than they last reported."""
        return [evse for evse in self._by_number.values() if evse.reported != self.report_of(evse)]

    def report_of(self, evse: Evse) -> tuple[str, str, str | None]:
        """What a status report says, to compare."""
        return (self.shown_status(evse), evse.error_code, evse.info)

    def forget_reports(self) -> None:
        """A new boot: everything is to be reported again."""
        for evse in self._by_number.values():
            evse.reported = None

    def reserve(self, evse_id: int, reservation_id: int) -> Evse | None:
        """Reserve an EVSE (0: any) if one is free, and return it."""
        evse = self.free(evse_id or None)
        if evse is not None:
            evse.status, evse.reservation_id = "Reserved", reservation_id
        return evse

    def cancel_reservation(self, reservation_id: int) -> Evse | None:
        """Forget a reservation and return its EVSE."""
        for evse in self.all():
            if evse.reservation_id == reservation_id:
                evse.status, evse.reservation_id = "Available", None
                return evse
        return None

    def _accepts_sessions(self, evse: Evse) -> bool:
        return evse.accepts_sessions and self.station.accepts_sessions

    def _is_free(self, evse: Evse) -> bool:
        return self._accepts_sessions(evse) and evse.session is None and evse.status != "Faulted"

    def _is_busy(self, evse: Evse) -> bool:
        return self.has_sessions if evse is self.station else evse.session is not None
