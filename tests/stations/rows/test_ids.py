"""Row ids: ordered by time, unique over threads and nodes."""

from datetime import UTC, datetime, timedelta

import time_machine

from stations.rows.ids import EPOCH_MS, RowIds, first_id_at, new_row_id
from tests.threads import in_threads

NOON = datetime(2026, 3, 1, 12, tzinfo=UTC)


def test_ids_rise_and_never_repeat():
    ids = RowIds(7)
    made = [ids.new() for _ in range(20_000)]
    assert made == sorted(set(made))


def test_ids_of_several_threads_never_repeat():
    ids = RowIds(7)
    made = [
        each for part in in_threads(4, lambda: [ids.new() for _ in range(5_000)]) for each in part
    ]
    assert len(set(made)) == 20_000


def test_ids_of_several_nodes_never_repeat():
    with time_machine.travel(NOON, tick=False):
        made = [ids.new() for ids in map(RowIds, range(1024)) for _ in range(10)]
    assert len(set(made)) == 10_240


def test_ids_do_not_go_back_with_the_clock():
    ids = RowIds(7)
    with time_machine.travel(NOON, tick=False):
        later = ids.new()
    with time_machine.travel(NOON - timedelta(hours=1), tick=False):
        assert ids.new() > later


def test_ids_follow_the_clock():
    ids = RowIds(1023)
    with time_machine.travel(NOON, tick=False):
        earlier = ids.new()
    with time_machine.travel(NOON + timedelta(milliseconds=1), tick=False):
        assert (
            first_id_at(NOON)
            <= earlier
            < first_id_at(NOON + timedelta(milliseconds=1))
            <= ids.new()
        )


def test_number_given_by_the_database_counts_from_then_on():
    ids = RowIds(7)
    ids.use_node_number(9)
    assert ids.new() >> 12 & 1023 == 9


def test_ids_fit_a_bigint_for_decades():
    with time_machine.travel(datetime(2090, 1, 1, tzinfo=UTC)):
        assert 0 < RowIds(1023).new() < 2**63
    assert 0 < new_row_id() < 2**63


def test_no_id_is_older_than_the_epoch():
    assert first_id_at(datetime.fromtimestamp(EPOCH_MS / 1000 - 1, tz=UTC)) == 0
