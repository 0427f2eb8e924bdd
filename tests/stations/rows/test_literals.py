"""Array literals: what goes in comes out at the server."""

from datetime import UTC, datetime

import pytest
from django.db import connection
from hypothesis import given
from hypothesis import strategies as st

from stations.rows.literals import array_literal
from tests.stations.rows.hostile import any_texts, bigints, times


def test_elements_are_written_as_the_server_reads_them():
    assert array_literal([1, None, True, False]) == "{1,NULL,t,f}"
    assert array_literal(['a "b"', "c\\d", "NULL", ""]) == '{"a \\"b\\"","c\\\\d","NULL",""}'
    assert array_literal([datetime(2026, 1, 1, tzinfo=UTC)]) == '{"2026-01-01 00:00:00+00:00"}'
    assert array_literal([]) == "{}"


@pytest.mark.skipif(connection.vendor != "postgresql", reason="is read by PostgreSQL")
@pytest.mark.django_db
class TestAtTheServer:
    @given(st.lists(any_texts | st.none()))
    def test_texts(self, values):
        assert self.sent(values, "text") == values

    @given(st.lists(bigints | st.none()))
    def test_numbers(self, values):
        assert self.sent(values, "bigint") == values

    @given(st.lists(st.booleans() | st.none()))
    def test_booleans(self, values):
        assert self.sent(values, "boolean") == values

    @given(st.lists(times | st.none()))
    def test_times(self, values):
        assert self.sent(values, "timestamptz") == values

    def sent(self, values, kind):
        with connection.cursor() as cursor:
            cursor.execute(f"SELECT %s::{kind}[]", [array_literal(values)])
            return cursor.fetchone()[0]
