"""How an EVSE stands: the facts of a ledger row, decided from a snapshot and its windows."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from scheduling.domain.published_status import (
    EvseFacts,
    desired_availability,
    is_offline,
    next_change_at,
    published_status,
)
from scheduling.domain.statuses import Availability
from scheduling.domain.windows import CurrentWindow, winning_window
from stations.domain.reported_status import ReportedStatus, aggregate_status
from stations.domain.setup_state import SetupState


@dataclass(frozen=True, slots=True)
class Snapshot:
    """What is known of one EVSE at one moment, apart from its windows."""

    evse_id: int
    station_id: int
    location_id: int | None
    connectors: tuple[ReportedStatus | None, ...]
    whole_station: ReportedStatus | None
    error_code: str
    is_connected: bool
    disconnected_at: datetime | None
    session_running: bool
    is_disabled: bool
    setup_state: SetupState
    retired: bool
    out_of_order_makes_unavailable: bool


@dataclass(frozen=True, slots=True)
class Standing:
    """The facts of a ledger row, in the words of the database; "" for nothing reported."""

    reported: str
    is_online: bool
    window_id: int | None
    desired: str
    status: str
    cause: str


@dataclass(frozen=True, slots=True)
class Decision:
    """How an EVSE stands now, and when the end of an outage's grace may change that."""

    standing: Standing
    next_change_at: datetime | None


def decide(
    snapshot: Snapshot,
    windows: Sequence[CurrentWindow],
    *,
    now: datetime,
    manual: Availability | None,
    grace: timedelta,
) -> Decision:
    """Return how an EVSE stands at `now`; `manual` is the availability last sent by hand."""
    desired = desired_availability(
        windows,
        now,
        disabled=snapshot.is_disabled,
        out_of_order_makes_unavailable=snapshot.out_of_order_makes_unavailable,
        manual=manual,
    ).availability
    facts = _facts(snapshot, desired)
    published = published_status(facts, windows, now, grace=grace)
    winner = winning_window(windows, now)
    return Decision(
        Standing(
            reported=facts.reported.value if facts.reported else "",
            is_online=not is_offline(facts, now, grace=grace),
            window_id=winner.window_id if winner else None,
            desired=desired.value,
            status=published.status.value,
            cause=published.cause.value,
        ),
        next_change_at(facts, (), now, grace=grace),
    )


def _facts(snapshot: Snapshot, desired: Availability) -> EvseFacts:
    return EvseFacts(
        reported=aggregate_status(snapshot.connectors, snapshot.whole_station),
        error_code=snapshot.error_code,
        online=snapshot.is_connected,
        offline_since=snapshot.disconnected_at,
        session_running=snapshot.session_running,
        desired_availability=desired,
        disabled=snapshot.is_disabled,
        setup_state=snapshot.setup_state,
        retired=snapshot.retired,
    )
