"""What is published of an EVSE and what is desired of it, from facts, windows and the time."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduling.domain.statuses import Availability, Cause, PublicStatus, WindowStatus
from scheduling.domain.windows import (
    CurrentWindow,
    takes_out_of_service,
    winning_operator_window,
    winning_sensor_window,
)
from stations.domain.reported_status import IN_USE, ReportedStatus
from stations.domain.setup_state import SetupState

# So that a reconnect does not flap: without a socket for this long, a station is offline.
OFFLINE_GRACE = timedelta(seconds=60)

_PUBLIC_OF_REPORTED = {
    ReportedStatus.AVAILABLE: PublicStatus.AVAILABLE,
    ReportedStatus.RESERVED: PublicStatus.RESERVED,
    ReportedStatus.UNAVAILABLE: PublicStatus.OUT_OF_SERVICE,
    ReportedStatus.FAULTED: PublicStatus.FAULTED,
    **dict.fromkeys(IN_USE, PublicStatus.OCCUPIED),
}
_OUT_OF_USE = frozenset({ReportedStatus.FAULTED, ReportedStatus.UNAVAILABLE})


@dataclass(frozen=True, slots=True)
class EvseFacts:
    """What is known of an EVSE apart from its windows.

    offline_since is None for a station that never connected, and ignored for one that is online.
    """

    reported: ReportedStatus | None
    error_code: str
    online: bool
    offline_since: datetime | None
    session_running: bool
    desired_availability: Availability
    disabled: bool
    setup_state: SetupState
    retired: bool


@dataclass(frozen=True, slots=True)
class Published:
    """The status that everybody is told, why, and the window that says so, if one does."""

    status: PublicStatus
    cause: Cause
    window: CurrentWindow | None = None


@dataclass(frozen=True, slots=True)
class Desired:
    """The availability that the reconciler drives the station to, why, and by which window."""

    availability: Availability
    cause: Cause
    window: CurrentWindow | None = None


def is_offline(facts: EvseFacts, now: datetime, *, grace: timedelta = OFFLINE_GRACE) -> bool:
    """Tell whether the station has been without a socket for the whole grace period."""
    if facts.online:
        return False
    return facts.offline_since is None or now >= facts.offline_since + grace


def published_status(
    facts: EvseFacts,
    windows: Sequence[CurrentWindow],
    now: datetime,
    *,
    grace: timedelta = OFFLINE_GRACE,
) -> Published:
    """Return what is published: the first rule that has something to say.

    At a boundary, facts.desired_availability has to be derived anew before this is asked.
    """
    return (
        _not_public(facts)
        or _operator_window(windows, now)
        or _withheld(facts)
        or _out_of_use(facts, is_offline(facts, now, grace=grace))
        or _in_use(facts)
        or _sensor_window(windows, now)
        or _as_reported(facts)
    )


def desired_availability(
    windows: Sequence[CurrentWindow],
    now: datetime,
    *,
    disabled: bool,
    out_of_order_makes_unavailable: bool,
    manual: Availability | None,
) -> Desired:
    """Return what the station should be: disabled, then a command by hand, then the windows.

    manual is the last availability sent by hand; the caller forgets it at the next boundary.
    """
    if disabled:
        return Desired(Availability.INOPERATIVE, Cause.DISABLED)
    if manual is not None:
        return Desired(manual, Cause.MANUAL)
    operator = winning_operator_window(windows, now)
    for window in (operator, _unanswered_sensor_window(operator, windows, now)):
        if window is not None and takes_out_of_service(
            window, out_of_order_makes_unavailable=out_of_order_makes_unavailable
        ):
            return Desired(Availability.INOPERATIVE, Cause.WINDOW, window)
    if operator is not None and operator.status is WindowStatus.AVAILABLE:
        return Desired(Availability.OPERATIVE, Cause.WINDOW, operator)
    return Desired(Availability.OPERATIVE, Cause.DEFAULT)


def next_change_at(
    facts: EvseFacts,
    windows: Sequence[CurrentWindow],
    now: datetime,
    *,
    grace: timedelta = OFFLINE_GRACE,
) -> datetime | None:
    """Return the first instant after now at which time alone may change what is published.

    That is the next window boundary or the end of the offline grace, even where another rule
    hides it: the winning window and the desired availability change there too. None: never.
    """
    if _is_removed(facts):
        return None
    instants = [window.starts_at for window in windows]
    instants += [window.ends_at for window in windows if window.ends_at is not None]
    if not facts.online and facts.offline_since is not None:
        instants.append(facts.offline_since + grace)
    return min((instant for instant in instants if instant > now), default=None)


def _is_removed(facts: EvseFacts) -> bool:
    return facts.retired or facts.setup_state is SetupState.RETIRED


def _not_public(facts: EvseFacts) -> Published | None:
    if _is_removed(facts):
        return Published(PublicStatus.REMOVED, Cause.REMOVED)
    if facts.setup_state is not SetupState.ACTIVE:
        return Published(PublicStatus.COMMISSIONING, Cause.NOT_SET_UP)
    return None


def _operator_window(windows: Sequence[CurrentWindow], now: datetime) -> Published | None:
    window = winning_operator_window(windows, now)
    if window is None or window.status is WindowStatus.AVAILABLE:
        return None
    return Published(PublicStatus(window.status), Cause.WINDOW, window)


def _withheld(facts: EvseFacts) -> Published | None:
    if facts.disabled:
        return Published(PublicStatus.OUT_OF_SERVICE, Cause.DISABLED)
    if facts.desired_availability is Availability.INOPERATIVE:
        return Published(PublicStatus.OUT_OF_SERVICE, Cause.INOPERATIVE)
    return None


def _out_of_use(facts: EvseFacts, offline: bool) -> Published | None:
    if offline:
        return Published(PublicStatus.UNKNOWN, Cause.OFFLINE)
    return _as_reported(facts) if facts.reported in _OUT_OF_USE else None


def _in_use(facts: EvseFacts) -> Published | None:
    if facts.reported in IN_USE:
        return _as_reported(facts)
    if facts.session_running:
        return Published(PublicStatus.OCCUPIED, Cause.SESSION)
    return None


def _sensor_window(windows: Sequence[CurrentWindow], now: datetime) -> Published | None:
    window = winning_sensor_window(windows, now)
    if window is None:
        return None
    return Published(PublicStatus(window.status), Cause.WINDOW, window)


def _as_reported(facts: EvseFacts) -> Published:
    if facts.reported is None:
        return Published(PublicStatus.UNKNOWN, Cause.NOTHING_REPORTED)
    return Published(_PUBLIC_OF_REPORTED[facts.reported], Cause.REPORTED)


def _unanswered_sensor_window(
    operator: CurrentWindow | None, windows: Sequence[CurrentWindow], now: datetime
) -> CurrentWindow | None:
    """Return the winning sensor window, unless AVAILABLE on the same target overrules it.

    AVAILABLE makes the station operative; only a narrower window speaks against it.
    """
    sensor = winning_sensor_window(windows, now)
    if sensor is None or operator is None or operator.status is not WindowStatus.AVAILABLE:
        return sensor
    return sensor if sensor.target.narrowness > operator.target.narrowness else None
