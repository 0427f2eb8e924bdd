"""update_rows: many rows, differing fields, one statement, no other value touched."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.models import ChargingSession
from stations.models import Evse
from stations.rows.update import update_rows
from tests import factories
from tests.statements import counted_statements
from tests.stations.rows.hostile import any_texts, bigints, json_values, times

pytestmark = pytest.mark.django_db

ROWS = 4
changes = st.fixed_dictionaries(
    {},
    optional={
        "stop_reason": any_texts.map(lambda text: text[:50]),
        "started_at": times,
        "ended_at": times | st.none(),
        "last_meter_wh": bigints | st.none(),
        "last_power_w": st.integers(-(2**31), 2**31 - 1) | st.none(),
        "flags": json_values.filter(lambda value: value is not None),
    },
).filter(bool)


def values_of(sessions):
    return {row.pop("id"): row for row in ChargingSession.objects.filter(pk__in=sessions).values()}


@given(st.lists(changes, min_size=1, max_size=ROWS))
def test_what_is_named_changes_and_nothing_else(wanted):
    station = factories.station()
    sessions = [factories.session(station).pk for _ in range(ROWS)]
    expected = values_of(sessions)
    for session, values in zip(sessions, wanted, strict=False):
        expected[session] |= values
    update_rows(ChargingSession, dict(zip(sessions, wanted, strict=False)))
    assert values_of(sessions) == expected


def test_nothing_to_change_is_no_statement():
    with counted_statements() as found:
        update_rows(ChargingSession, {})
    assert found == []


def test_rows_with_differing_fields_are_one_statement():
    station = factories.station()
    one, other = factories.session(station).pk, factories.session(station).pk
    with counted_statements() as found:
        update_rows(ChargingSession, {one: {"stop_reason": "A"}, other: {"last_power_w": 1}})
    assert len(found) == 1


def test_foreign_key_is_named_by_its_column():
    station = factories.station()
    session, evse = factories.session(station), factories.evse(station)
    update_rows(ChargingSession, {session.pk: {"evse_id": evse.pk}})
    session.refresh_from_db()
    assert session.evse == evse


def test_row_that_is_gone_is_passed_over():
    update_rows(ChargingSession, {4711: {"stop_reason": "A"}})
    assert not ChargingSession.objects.exists()


def test_uuid_survives():
    one, other = factories.evse(factories.station()), factories.evse(factories.station())
    wanted = {one.pk: {"uid": other.uid}, other.pk: {"uid": one.uid}}
    Evse.objects.filter(pk=one.pk).delete()
    update_rows(Evse, wanted)
    assert Evse.objects.get(pk=other.pk).uid == one.uid
