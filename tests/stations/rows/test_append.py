"""append_rows: what goes in is read back by the ORM."""

import pytest
from django.db import DataError, IntegrityError, connection, transaction
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from diagnostics.models import Message
from sessions.models import HandledMessage, MeterValue
from stations.rows.append import append_rows
from stations.rows.ids import new_row_id
from tests.statements import counted_statements
from tests.stations.rows.hostile import any_texts, bigints, json_values, times

pytestmark = pytest.mark.django_db

COLUMNS = ("id", "received_at", "station_id", "sampled_at", "context", "energy_wh", "samples")
readings = st.tuples(
    times,
    any_texts.map(lambda text: text[:50]),
    bigints | st.none(),
    json_values.map(lambda v: [v]),
)


@given(st.lists(readings, max_size=5))
def test_rows_are_read_back_as_they_were(told):
    now = timezone.now()
    rows = [(new_row_id(), now, 1, *reading) for reading in told]
    append_rows(MeterValue, COLUMNS, rows)
    found = MeterValue.objects.filter(pk__in=[row[0] for row in rows]).order_by("pk")
    assert list(found.values_list(*COLUMNS)) == rows


def test_many_rows_are_one_statement():
    rows = [(new_row_id(), 1, number) for number in range(50)]
    with counted_statements() as found:
        append_rows(HandledMessage, ("id", "station_id", "key"), rows)
    assert len(found) == 1
    assert HandledMessage.objects.count() == 50


@pytest.mark.skipif(connection.vendor != "postgresql", reason="SQLite stores it")
def test_text_with_nul_is_refused():
    """Frames are read without NUL, so that none comes here."""
    row = (new_row_id(), timezone.now(), 1, timezone.now(), "a\0b", None, [])
    with pytest.raises(DataError), transaction.atomic():
        append_rows(MeterValue, COLUMNS, [row])


def test_key_that_is_there_already_is_an_error():
    columns, row = ("id", "station_id", "key"), (new_row_id(), 1, 1)
    append_rows(HandledMessage, columns, [row])
    with pytest.raises(IntegrityError), transaction.atomic():
        append_rows(HandledMessage, columns, [row])


def test_row_of_the_log_may_leave_out_what_is_null():
    now = timezone.now()
    row = (new_row_id(), now, None, 1, "in", "", "", "{}", "", "malformed", "", None, "")
    columns = [field.attname for field in Message._meta.concrete_fields]
    append_rows(Message, columns, [row])
    assert Message.objects.get().answered_at is None
