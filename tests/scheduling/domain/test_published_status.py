"""What drivers are told: the precedence, rule by rule, and against an independent reading."""

from datetime import datetime, timedelta

import pytest
from hypothesis import assume, example, given

from scheduling.domain.published_status import (
    EvseFacts,
    Published,
    is_offline,
    next_change_at,
    published_status,
)
from scheduling.domain.statuses import (
    OPERATOR_STATUSES,
    SENSOR_STATUSES,
    Availability,
    Cause,
    PublicStatus,
)
from scheduling.domain.windows import CurrentWindow
from stations.domain.reported_status import ReportedStatus
from stations.domain.setup_state import SetupState
from tests.scheduling.domain.strategies import (
    at,
    evse_facts,
    instants,
    make_facts,
    make_window,
    window_lists,
)

NOW = at(4)
# One thing for each rule of the precedence, in its order: a fact or a window, and what it gives.
LADDER: list[tuple[dict[str, object], CurrentWindow | None, str, str]] = [
    ({"retired": True}, None, "REMOVED", "removed"),
    ({"setup_state": SetupState.SETUP}, None, "COMMISSIONING", "not_set_up"),
    ({}, make_window("MAINTENANCE", "location"), "MAINTENANCE", "window"),
    ({"disabled": True}, None, "OUT_OF_SERVICE", "disabled"),
    ({"desired_availability": Availability.INOPERATIVE}, None, "OUT_OF_SERVICE", "inoperative"),
    ({"online": False}, None, "UNKNOWN", "offline"),
    ({"session_running": True}, None, "OCCUPIED", "session"),
    ({}, make_window("BLOCKED"), "BLOCKED", "window"),
    ({}, make_window("RESERVED"), "RESERVED", "window"),
    ({}, None, "AVAILABLE", "reported"),
]


@pytest.mark.parametrize("rule", range(len(LADDER)))
def test_each_rule_hides_all_that_come_after_it(rule):
    facts: dict[str, object] = {}
    windows = []
    for changes, window, _, _ in LADDER[rule:]:
        facts |= changes
        windows += [window] if window else []
    _, window, status, cause = LADDER[rule]
    published = published_status(make_facts(**facts), windows, NOW)
    assert published == Published(PublicStatus(status), Cause(cause), window)


REPORTED = {
    None: ("UNKNOWN", "UNKNOWN", "OCCUPIED", "BLOCKED"),
    "Available": ("AVAILABLE", "UNKNOWN", "OCCUPIED", "BLOCKED"),
    "Preparing": ("OCCUPIED", "UNKNOWN", "OCCUPIED", "OCCUPIED"),
    "Charging": ("OCCUPIED", "UNKNOWN", "OCCUPIED", "OCCUPIED"),
    "SuspendedEVSE": ("OCCUPIED", "UNKNOWN", "OCCUPIED", "OCCUPIED"),
    "SuspendedEV": ("OCCUPIED", "UNKNOWN", "OCCUPIED", "OCCUPIED"),
    "Finishing": ("OCCUPIED", "UNKNOWN", "OCCUPIED", "OCCUPIED"),
    "Occupied": ("OCCUPIED", "UNKNOWN", "OCCUPIED", "OCCUPIED"),
    "Reserved": ("RESERVED", "UNKNOWN", "OCCUPIED", "BLOCKED"),
    "Unavailable": ("OUT_OF_SERVICE", "UNKNOWN", "OUT_OF_SERVICE", "OUT_OF_SERVICE"),
    "Faulted": ("FAULTED", "UNKNOWN", "FAULTED", "FAULTED"),
}


@pytest.mark.parametrize("reported", [None, *ReportedStatus])
def test_reported_status_alone_offline_with_session_and_with_sensor(reported):
    settings: list[tuple[dict[str, bool], list[CurrentWindow]]] = [
        ({}, []),
        ({"online": False}, []),
        ({"session_running": True}, []),
        ({}, [make_window("BLOCKED")]),
    ]
    published = tuple(
        published_status(make_facts(reported=reported, **changes), windows, NOW).status
        for changes, windows in settings
    )
    assert published == REPORTED[reported]


@pytest.mark.parametrize("status", sorted(OPERATOR_STATUSES - {"AVAILABLE"}))
@pytest.mark.parametrize("reported", [None, *ReportedStatus])
def test_operator_window_hides_every_report_a_session_and_silence(reported, status):
    facts = make_facts(reported=reported, session_running=True, online=False)
    window = make_window(status)
    published = published_status(facts, [window], NOW)
    assert published == Published(PublicStatus(status), Cause.WINDOW, window)


@pytest.mark.parametrize("status", sorted(SENSOR_STATUSES))
def test_sensor_window_is_published_over_a_free_evse(status):
    assert published_status(make_facts(), [make_window(status)], NOW).status == status


@pytest.mark.parametrize("reported", [None, *ReportedStatus])
def test_available_window_publishes_what_the_station_reports(reported):
    windows = [make_window("AVAILABLE"), make_window("OUT_OF_ORDER", "location")]
    facts = make_facts(reported=reported)
    assert published_status(facts, windows, NOW) == published_status(facts, [], NOW)


@pytest.mark.parametrize("state", [SetupState.SETUP, SetupState.ACTIVATION_PENDING])
def test_station_that_is_not_set_up_is_coming_soon(state):
    published = published_status(make_facts(setup_state=state), [], NOW)
    assert published == Published(PublicStatus.COMMISSIONING, Cause.NOT_SET_UP)


def test_retired_station_is_removed_even_where_its_evse_row_does_not_say_so():
    published = published_status(make_facts(setup_state=SetupState.RETIRED), [], NOW)
    assert published == Published(PublicStatus.REMOVED, Cause.REMOVED)


def test_out_of_order_window_is_published_over_the_unavailability_it_causes():
    facts = make_facts(desired_availability=Availability.INOPERATIVE)
    assert published_status(facts, [make_window()], NOW).status is PublicStatus.OUT_OF_ORDER


def test_nothing_reported_yet_is_unknown():
    published = published_status(make_facts(reported=None), [], NOW)
    assert published == Published(PublicStatus.UNKNOWN, Cause.NOTHING_REPORTED)


@pytest.mark.parametrize(
    ("seconds", "offline"), [(0, False), (59, False), (59.999, False), (60, True), (61, True)]
)
def test_silence_counts_as_offline_when_the_grace_is_over(seconds, offline):
    facts = make_facts(online=False, offline_since=NOW)
    assert is_offline(facts, NOW + timedelta(seconds=seconds)) is offline


def test_grace_can_be_set():
    facts = make_facts(online=False, offline_since=NOW)
    assert is_offline(facts, NOW, grace=timedelta(0))
    assert published_status(facts, [], NOW, grace=timedelta(0)).cause is Cause.OFFLINE
    assert next_change_at(facts, [], NOW, grace=timedelta(minutes=3)) == at(7)


def test_station_that_never_connected_is_offline_and_a_connected_one_never():
    assert is_offline(make_facts(online=False, offline_since=None), NOW)
    assert not is_offline(make_facts(online=True, offline_since=at(0)), NOW)


def _oracle(facts: EvseFacts, windows: list[CurrentWindow], now: datetime) -> str:
    """Collect everything that could be said with the number of its rule; the lowest is said."""
    current = [w for w in windows if w.starts_at <= now and (not w.ends_at or now < w.ends_at)]
    width = ["evse", "station", "location"].index
    served = [width(w.target) for w in current if w.status == "AVAILABLE"]
    current = [w for w in current if not served or width(w.target) <= min(served)]
    current.sort(key=lambda w: (w.starts_at, w.created_at, w.window_id, w.occurrence_id))
    current.reverse()
    current.sort(key=lambda w: (width(w.target), w.status != "BLOCKED"))
    sensors = [w for w in current if w.status in ("BLOCKED", "RESERVED")]
    operators = [w for w in current if w not in sensors]
    silent = not facts.online and (
        not facts.offline_since or (now - facts.offline_since).total_seconds() >= 60
    )
    word = facts.reported
    said: list[tuple[float, str]] = [(99, "UNKNOWN")]
    said += [(1, "REMOVED")] * (facts.retired or facts.setup_state == "RETIRED")
    said += [(2, "COMMISSIONING")] * (facts.setup_state in ("SETUP", "ACTIVATION_PENDING"))
    said += [(3, w.status.value) for w in operators[:1] if w.status != "AVAILABLE"]
    said += [(4, "OUT_OF_SERVICE")] * (facts.disabled or facts.desired_availability != "Operative")
    said += [(5.1, "UNKNOWN")] * silent
    said += [(5.2, "FAULTED")] * (word == "Faulted")
    said += [(5.3, "OUT_OF_SERVICE")] * (word == "Unavailable")
    said += [(6, "OCCUPIED")] * (
        facts.session_running
        or word in ("Preparing", "Charging", "SuspendedEV", "SuspendedEVSE", "Finishing")
        or word == "Occupied"
    )
    said += [(7, w.status.value) for w in sensors[:1]]
    said += [(8, str(word).upper())] * (word in ("Reserved", "Available"))
    return min(said)[1]


@given(evse_facts, window_lists(), instants)
def test_published_status_agrees_with_an_independent_reading(facts, windows, now):
    assert published_status(facts, windows, now).status == _oracle(facts, windows, now)


@given(evse_facts, window_lists(), instants)
def test_window_is_named_exactly_when_it_is_the_cause(facts, windows, now):
    published = published_status(facts, windows, now)
    assert (published.window is not None) == (published.cause is Cause.WINDOW)
    if published.window:
        assert published.window.status.value == published.status.value
        assert published.window.is_current(now)


@given(evse_facts, window_lists(), instants, instants)
@example(make_facts(online=False, offline_since=at(0)), [], at(0), at(1))
def test_nothing_changes_before_the_next_change(facts, windows, now, later):
    assume(now <= later)
    due = next_change_at(facts, windows, now)
    assert due is None or due > now
    if due is None or later < due:
        assert published_status(facts, windows, later) == published_status(facts, windows, now)


@given(window_lists(), instants)
def test_next_change_is_a_boundary_for_an_evse_that_is_online(windows, now):
    boundaries = {w.starts_at for w in windows} | {w.ends_at for w in windows} - {None}
    due = next_change_at(make_facts(), windows, now)
    assert due == next((instant for instant in sorted(boundaries) if instant > now), None)


def test_end_of_the_grace_is_a_change_that_comes_once():
    facts = make_facts(online=False, offline_since=at(0))
    assert next_change_at(facts, [], at(0)) == at(1)
    assert next_change_at(facts, [], at(1)) is None


def test_online_evse_has_no_grace_to_wait_for():
    assert next_change_at(make_facts(offline_since=at(0)), [], at(0)) is None


@pytest.mark.parametrize("changes", [{"retired": True}, {"setup_state": SetupState.RETIRED}])
def test_time_changes_nothing_for_a_removed_evse(changes):
    assert next_change_at(make_facts(**changes), [make_window()], at(2)) is None
