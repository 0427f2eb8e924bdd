"""claim_rows: of many who claim a key, one wins."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sessions.models import HandledMessage
from stations.rows.claim import claim_rows
from stations.rows.ids import new_row_id
from tests.statements import counted_statements
from tests.stations.rows.hostile import bigints

pytestmark = pytest.mark.django_db

COLUMNS = ("id", "station_id", "key")


def claim(*keys):
    rows = [(new_row_id(), station_id, key) for station_id, key in keys]
    return claim_rows(HandledMessage, COLUMNS, rows, unique=("station_id", "key"))


@given(st.sets(st.tuples(st.integers(1, 2**62), bigints), max_size=20))
def test_new_keys_are_won_once(keys):
    before = set(HandledMessage.objects.values_list("station_id", "key"))
    assert claim(*keys) == keys - before
    assert claim(*keys) == set()


def test_only_new_keys_are_won():
    claim((1, 1), (1, 2))
    assert claim((1, 2), (1, 3), (2, 1)) == {(1, 3), (2, 1)}


def test_key_that_is_claimed_twice_at_once_is_won_once():
    assert claim((1, 1), (1, 1)) == {(1, 1)}
    assert HandledMessage.objects.count() == 1


def test_nothing_to_claim_is_no_statement():
    with counted_statements() as found:
        assert claim() == set()
    assert found == []


def test_many_claims_are_one_statement():
    with counted_statements() as found:
        claim(*((1, number) for number in range(400)))
    assert len(found) == 1
