"""Several connectors behind one EVSE are told as one status."""

import itertools

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.domain.reported_status import IN_USE, ReportedStatus, aggregate_status

R = ReportedStatus
CONNECTORS = st.lists(st.none() | st.sampled_from(ReportedStatus), max_size=5)
WHOLE_STATION = st.none() | st.sampled_from(ReportedStatus)


def test_in_use_is_preparing_to_finishing_and_occupied():
    assert {
        "Preparing",
        "Charging",
        "SuspendedEVSE",
        "SuspendedEV",
        "Finishing",
        "Occupied",
    } == IN_USE


@pytest.mark.parametrize(
    ("connectors", "expected"),
    [
        ([], None),
        ([None, None], None),
        ([None, R.FAULTED], R.FAULTED),
        ([R.FAULTED, R.UNAVAILABLE], R.UNAVAILABLE),
        ([R.UNAVAILABLE, R.AVAILABLE], R.AVAILABLE),
        ([R.AVAILABLE, R.RESERVED], R.RESERVED),
        ([R.RESERVED, R.OCCUPIED], R.OCCUPIED),
        ([R.OCCUPIED, R.PREPARING], R.PREPARING),
        ([R.PREPARING, R.FINISHING], R.FINISHING),
        ([R.FINISHING, R.SUSPENDED_EV], R.SUSPENDED_EV),
        ([R.SUSPENDED_EV, R.SUSPENDED_EVSE], R.SUSPENDED_EVSE),
        ([R.SUSPENDED_EVSE, R.CHARGING], R.CHARGING),
        ([R.FAULTED, R.PREPARING], R.PREPARING),
    ],
)
def test_busiest_connector_speaks_for_the_evse(connectors, expected):
    assert aggregate_status(connectors, None) == expected
    assert aggregate_status(reversed(connectors), None) == expected


@pytest.mark.parametrize("whole_station", [R.UNAVAILABLE, R.FAULTED])
@pytest.mark.parametrize("connectors", [[], [R.CHARGING], [R.AVAILABLE, None]])
def test_connector_zero_out_of_use_overrides_all(connectors, whole_station):
    assert aggregate_status(connectors, whole_station) is whole_station


@given(CONNECTORS, WHOLE_STATION)
def test_any_other_word_of_connector_zero_counts_for_nothing(connectors, whole_station):
    if whole_station not in {R.UNAVAILABLE, R.FAULTED}:
        assert aggregate_status(connectors, whole_station) == aggregate_status(connectors, None)


@given(CONNECTORS)
def test_aggregate_is_a_status_that_some_connector_reports(connectors):
    reported = [status for status in connectors if status]
    status = aggregate_status(connectors, None)
    assert status in reported if reported else status is None


@given(CONNECTORS)
def test_aggregate_does_not_depend_on_the_order_of_connectors(connectors):
    orders = itertools.islice(itertools.permutations(connectors), 24)
    assert len({aggregate_status(order, None) for order in orders}) == 1
