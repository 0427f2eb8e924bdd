"""What to ask of stations so that EVSEs become what they shall be, and what answers mean."""

from collections import defaultdict
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from enum import Enum, auto
from typing import Any

from scheduling.domain.statuses import Availability, AvailabilityOutcome
from stations.domain.reported_status import IN_USE, ReportedStatus

# A station that accepted but still reports itself usable after this has ignored the command.
VERIFY_AFTER = timedelta(minutes=5)
_RETRIES = (timedelta(minutes=1), timedelta(minutes=5), timedelta(minutes=15))
_LATER_RETRIES = timedelta(minutes=60)
# A faulted connector is out of use too, and says nothing of its availability.
_OUT_OF_USE = frozenset({ReportedStatus.UNAVAILABLE, ReportedStatus.FAULTED})
# After these nobody knows what the station has made of the command.
_UNSURE = frozenset({AvailabilityOutcome.TIMED_OUT, AvailabilityOutcome.IGNORED})
_FOLLOWED = frozenset({AvailabilityOutcome.ACCEPTED, AvailabilityOutcome.SCHEDULED})

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Follower:
    """How far one EVSE follows what is desired of it.

    `asked` is what the last command asked for, `asked_of_station` whether it was for the whole
    station, `is_waiting` whether it has not been answered.
    """

    evse_id: int
    station_id: int
    desired: Availability
    confirmed: Availability
    outcome: AvailabilityOutcome | None
    attempts: int
    is_due: bool
    is_retired: bool
    is_connected: bool
    is_accepted: bool
    is_waiting: bool
    asked: Availability | None
    asked_of_station: bool
    reported: ReportedStatus | None

    @property
    def is_astray(self) -> bool:
        """Say whether the EVSE is, or may be, something else than desired."""
        if self.desired is not self.confirmed:
            return True
        return self.outcome in _UNSURE and self.asked not in {None, self.desired}


@dataclass(frozen=True, slots=True)
class Order:
    """One ChangeAvailability; `evse_id` None: of the whole station. It stands for `evse_ids`."""

    station_id: int
    evse_id: int | None
    availability: Availability
    evse_ids: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Plan:
    """The commands to send, and the values that change of EVSEs for which none is sent."""

    orders: list[Order] = field(default_factory=list)
    changes: dict[int, Values] = field(default_factory=dict)


class _Step(Enum):
    REST = auto()
    WAIT = auto()
    OFFLINE = auto()
    HELD = auto()
    VERIFY = auto()
    SEND = auto()


def plan(followers: Iterable[Follower], now: datetime) -> Plan:
    """Say what to do about the EVSEs that are due; `followers` are all EVSEs of their stations."""
    by_station: dict[int, list[Follower]] = defaultdict(list)
    for follower in followers:
        by_station[follower.station_id].append(follower)
    made = Plan()
    for together in by_station.values():
        sending = []
        for follower in together:
            step = _step(follower)
            if step is _Step.SEND:
                sending.append(follower)
            elif follower.is_due:
                made.changes[follower.evse_id] = _values(follower, step, now)
        made.orders.extend(_orders([each for each in together if not each.is_retired], sending))
    return made


def retry_after(attempts: int) -> timedelta:
    """Return the pause after so many failures in a row (1 or more)."""
    return _RETRIES[attempts - 1] if attempts <= len(_RETRIES) else _LATER_RETRIES


def values_after_answer(
    follower: Follower, asked: Availability, outcome: AvailabilityOutcome, now: datetime
) -> Values:
    """Return what changes of an EVSE when its command is settled.

    A desire that has changed meanwhile is due at once; a command that never left (offline) is
    tried again without counting as a failure of the station.
    """
    values: Values = {"outcome": outcome.value, "outcome_at": now}
    is_desired = follower.desired is asked
    if outcome in _FOLLOWED:
        values |= {"confirmed": asked.value, "attempts": 0}
        values["due_at"] = _verified_at(asked, now) if is_desired else now
    elif not is_desired:
        values["due_at"] = now
    elif outcome is AvailabilityOutcome.OFFLINE:
        values["due_at"] = now + retry_after(1)
    else:
        values |= _failed(follower, now)
    return values


def _verified_at(asked: Availability, now: datetime) -> datetime | None:
    return now + VERIFY_AFTER if asked is Availability.INOPERATIVE else None


def _failed(follower: Follower, now: datetime) -> Values:
    attempts = follower.attempts + 1
    return {"attempts": attempts, "due_at": now + retry_after(attempts)}


def _step(follower: Follower) -> _Step:
    if follower.is_retired or not follower.is_due:
        return _Step.REST
    if follower.is_waiting:
        return _Step.WAIT
    if not follower.is_astray:
        return _Step.VERIFY
    if not follower.is_connected:
        return _Step.OFFLINE
    return _Step.SEND if follower.is_accepted else _Step.HELD


def _values(follower: Follower, step: _Step, now: datetime) -> Values:
    """Return the changes of a due EVSE; without a time nothing happens until something calls."""
    match step:
        case _Step.OFFLINE:
            outcome = AvailabilityOutcome.OFFLINE.value
            return {"due_at": None, "outcome": outcome, "outcome_at": now}
        case _Step.HELD:
            outcome = AvailabilityOutcome.PENDING.value
            return {"due_at": None, "outcome": outcome, "outcome_at": now}
        case _Step.VERIFY:
            return {"due_at": None} | _verified(follower, now)
        case _:
            return {"due_at": None}


def _verified(follower: Follower, now: datetime) -> Values:
    """Compare what the station reports with what it accepted; offline it cannot be told."""
    if follower.outcome not in _FOLLOWED:
        return {"outcome": "", "outcome_at": now, "attempts": 0} if follower.outcome else {}
    if follower.desired is Availability.OPERATIVE or not follower.is_connected:
        return {}
    is_scheduled = follower.outcome is AvailabilityOutcome.SCHEDULED
    if follower.reported in _OUT_OF_USE:
        accepted = AvailabilityOutcome.ACCEPTED.value
        return {"outcome": accepted, "outcome_at": now} if is_scheduled else {}
    if is_scheduled and follower.reported in IN_USE:
        return {"due_at": now + VERIFY_AFTER}
    return {
        "outcome": AvailabilityOutcome.IGNORED.value,
        "outcome_at": now,
        "confirmed": Availability.OPERATIVE.value,
        **_failed(follower, now),
    }


def _orders(together: Sequence[Follower], sending: Sequence[Follower]) -> list[Order]:
    """Ask the whole station where all of it is to go out, and what was asked so is undone so.

    OCPP 2.0.1 keeps the availability of a station apart from that of its EVSEs: an EVSE becomes
    operative again only at the level at which it was made inoperative. What other EVSEs then
    lack is put right by their own commands afterwards.
    """
    out = [each for each in sending if each.desired is Availability.INOPERATIVE]
    back = [each for each in sending if each.desired is Availability.OPERATIVE]
    orders = []
    if out and len(out) == len(together):
        orders.append(_for_station(out, Availability.INOPERATIVE))
    else:
        orders += [_for_evse(each) for each in out]
    if any(each.asked_of_station for each in back):
        orders.append(_for_station(_undone(together, out), Availability.OPERATIVE))
    orders += [_for_evse(each) for each in back if not each.asked_of_station]
    return orders


def _undone(together: Sequence[Follower], out: Sequence[Follower]) -> list[Follower]:
    """Return the EVSEs that a command to the whole station makes operative again."""
    return [
        each
        for each in together
        if each.asked_of_station and not each.is_waiting and each not in out
    ]


def _for_station(followers: Sequence[Follower], availability: Availability) -> Order:
    evse_ids = tuple(each.evse_id for each in followers)
    return Order(followers[0].station_id, None, availability, evse_ids)


def _for_evse(follower: Follower) -> Order:
    return Order(follower.station_id, follower.evse_id, follower.desired, (follower.evse_id,))
