from datetime import UTC, datetime

import pytest

from tests import api_rows, factories
from tests.callers import caller

pytestmark = pytest.mark.django_db


def _at(hour):
    return datetime(2026, 11, 20, hour, tzinfo=UTC)


@pytest.mark.parametrize(
    ("at", "status"), [("13:59Z", "AVAILABLE"), ("14:00Z", "BLOCKED"), ("23:00Z", "BLOCKED")]
)
def test_what_did_drivers_see_then(at, status):
    evse = factories.evse(factories.station())
    api_rows.ledger_entry(evse, at=_at(12))
    api_rows.ledger_entry(evse, at=_at(14), status="BLOCKED")
    found = caller().get(f"status-ledger/?evse={evse.uid}&at=2026-11-20T{at}").json()["results"]
    assert [row["status"] for row in found] == [status]


def test_before_the_first_entry_nothing_was_seen():
    evse = factories.evse(factories.station())
    api_rows.ledger_entry(evse, at=_at(12))
    assert (
        caller().get(f"status-ledger/?evse={evse.uid}&at=2026-11-20T11:00Z").json()["results"] == []
    )


def test_the_ledger_of_a_day_is_listed_newest_first():
    evse = factories.evse(factories.station(identity="CS1"))
    for hour in (10, 11, 12):
        api_rows.ledger_entry(evse, at=_at(hour))
    query = "station=CS1&after=2026-11-20T11:00Z&before=2026-11-20T13:00Z"
    found = caller().get(f"status-ledger/?{query}").json()["results"]
    assert [row["at"] for row in found] == ["2026-11-20T12:00:00Z", "2026-11-20T11:00:00Z"]
