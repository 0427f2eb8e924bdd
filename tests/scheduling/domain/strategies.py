"""Builders and hypothesis strategies for windows, facts and clocks that often coincide."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta
from typing import Any

from hypothesis import strategies as st

from scheduling.domain.published_status import EvseFacts
from scheduling.domain.statuses import Availability, TargetKind, WindowStatus
from scheduling.domain.windows import CurrentWindow
from stations.domain.reported_status import ReportedStatus
from stations.domain.setup_state import SetupState

NOON = datetime(2026, 3, 29, 12, 0, tzinfo=UTC)
LAST_MINUTE = 8


def at(minute: float) -> datetime:
    return NOON + timedelta(minutes=minute)


WINDOW = CurrentWindow(
    window_id=1,
    occurrence_id=1,
    status=WindowStatus.OUT_OF_ORDER,
    target=TargetKind.EVSE,
    starts_at=at(0),
    ends_at=at(LAST_MINUTE),
    created_at=at(0),
    takes_out_of_service=None,
)
FACTS = EvseFacts(
    reported=ReportedStatus.AVAILABLE,
    error_code="",
    online=True,
    offline_since=None,
    session_running=False,
    desired_availability=Availability.OPERATIVE,
    disabled=False,
    setup_state=SetupState.ACTIVE,
    retired=False,
)


def make_window(
    status: str = "OUT_OF_ORDER", target: str = "evse", **changes: Any
) -> CurrentWindow:
    return replace(WINDOW, status=WindowStatus(status), target=TargetKind(target), **changes)


def make_facts(**changes: Any) -> EvseFacts:
    return replace(FACTS, **changes)


instants = st.integers(0, LAST_MINUTE).map(at)
rarely = st.sampled_from([False, False, False, False, True])


@st.composite
def window_lists(draw: st.DrawFn) -> list[CurrentWindow]:
    """Return up to six windows with different occurrence ids; starts lie before ends."""
    return [_draw_window(draw, occurrence_id) for occurrence_id in range(draw(st.integers(0, 6)))]


def _draw_window(draw: st.DrawFn, occurrence_id: int) -> CurrentWindow:
    starts = draw(st.integers(0, LAST_MINUTE - 1))
    ends = draw(st.none() | st.integers(starts + 1, LAST_MINUTE))
    return CurrentWindow(
        window_id=draw(st.integers(1, 3)),
        occurrence_id=occurrence_id,
        status=draw(st.sampled_from(WindowStatus)),
        target=draw(st.sampled_from(TargetKind)),
        starts_at=at(starts),
        ends_at=None if ends is None else at(ends),
        created_at=at(draw(st.integers(0, 1))),
        takes_out_of_service=draw(st.none() | st.booleans()),
    )


evse_facts = st.builds(
    EvseFacts,
    reported=st.none() | st.sampled_from(ReportedStatus),
    error_code=st.sampled_from(["", "NoError", "GroundFailure"]),
    online=st.sampled_from([True, True, False]),
    offline_since=st.none() | instants,
    session_running=st.booleans(),
    desired_availability=st.sampled_from(
        [Availability.OPERATIVE, Availability.OPERATIVE, Availability.INOPERATIVE]
    ),
    disabled=rarely,
    setup_state=st.sampled_from([SetupState.ACTIVE] * 6 + list(SetupState)),
    retired=rarely,
)
