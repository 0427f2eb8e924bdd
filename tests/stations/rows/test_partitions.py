"""Partitions: made ahead, dropped when they are over, plain tables on SQLite."""

from datetime import UTC, date, datetime, timedelta

import pytest
from django.db import IntegrityError, connection, transaction
from django.test import override_settings
from django.utils import timezone

from sessions.models import MeterValue
from stations.rows.append import append_rows
from stations.rows.ids import new_row_id
from stations.rows.partitions import (
    create_partition,
    drop_partitions_before,
    partition_of,
    partitions_from,
)
from stations.services import partitions as service
from tests.statements import counted_statements

TABLE = MeterValue._meta.db_table
NOW = datetime(2031, 1, 30, 12, tzinfo=UTC)
needs_postgresql = pytest.mark.skipif(
    connection.vendor != "postgresql", reason="only PostgreSQL has partitions"
)


def test_day_holds_itself():
    partition = partition_of("t", span="day", day=date(2031, 12, 31))
    assert partition.name == "t_20311231"
    assert (partition.starts_on, partition.ends_on) == (date(2031, 12, 31), date(2032, 1, 1))


@pytest.mark.parametrize("day", [date(2031, 12, 1), date(2031, 12, 31)])
def test_month_holds_its_days(day):
    partition = partition_of("t", span="month", day=day)
    assert partition.name == "t_203112"
    assert (partition.starts_on, partition.ends_on) == (date(2031, 12, 1), date(2032, 1, 1))


def test_days_are_made_from_yesterday_to_two_weeks_ahead():
    names = [partition.name for partition in partitions_from("t", span="day", now=NOW)]
    assert (names[0], names[-1], len(names)) == ("t_20310129", "t_20310213", 16)


def test_months_are_made_once_each():
    names = [partition.name for partition in partitions_from("t", span="month", now=NOW)]
    assert names == ["t_203101", "t_203102"]


def tables():
    """Names of all tables; introspection leaves partitions out."""
    with connection.cursor() as cursor:
        if connection.vendor == "sqlite":
            return set(connection.introspection.table_names(cursor))
        cursor.execute("SELECT tablename FROM pg_tables")
        return {name for (name,) in cursor.fetchall()}


def reading_at(at):
    columns = ("id", "received_at", "station_id", "sampled_at", "context", "samples")
    append_rows(MeterValue, columns, [(new_row_id(), at, 1, at, "", [])])


@pytest.mark.django_db
@pytest.mark.skipif(connection.vendor == "postgresql", reason="is about plain tables")
def test_plain_table_needs_none():
    before = tables()
    service.make_partitions(NOW)
    assert tables() == before
    reading_at(NOW)
    assert MeterValue.objects.exists()


@needs_postgresql
@pytest.mark.django_db
class TestOnPostgresql:
    def test_row_without_a_partition_is_refused(self):
        with pytest.raises(IntegrityError), transaction.atomic():
            reading_at(NOW)

    def test_row_finds_its_partition(self):
        service.make_partitions(NOW)
        for at in (NOW - timedelta(days=1), NOW, NOW + timedelta(days=14)):
            reading_at(at)
        assert MeterValue.objects.count() == 3

    def test_partitions_are_made_once(self):
        service.make_partitions(NOW)
        before = tables()
        service.make_partitions(NOW)
        assert tables() == before

    def test_day_belongs_to_utc(self):
        create_partition(partition_of(TABLE, span="day", day=NOW.date()))
        reading_at(NOW.replace(hour=0, minute=0))
        reading_at(NOW.replace(hour=23, minute=59))
        with pytest.raises(IntegrityError), transaction.atomic():
            reading_at(NOW.replace(hour=0) + timedelta(days=1))


@needs_postgresql
@pytest.mark.django_db(transaction=True)
def test_partitions_that_are_over_are_dropped():
    days = [date(2019, 5, day) for day in (1, 2, 3)]
    for day in days:
        create_partition(partition_of(TABLE, span="day", day=day))
    try:
        dropped = drop_partitions_before(TABLE, before=date(2019, 5, 3))
        assert dropped == [f"{TABLE}_20190501", f"{TABLE}_20190502"]
        assert f"{TABLE}_20190503" in tables()
    finally:
        drop_partitions_before(TABLE, before=date(2019, 5, 4))
    assert not {name for name in tables() if name.startswith(f"{TABLE}_2019")}


@pytest.mark.django_db
@override_settings(PARTITIONED_MODELS={"charging.MeterValue": "day"})
def test_node_makes_partitions_once_a_day(monkeypatch):
    monkeypatch.setattr(service, "_ensured_on", None)
    now = timezone.now()
    service.ensure_partitions(now)
    with counted_statements() as found:
        service.ensure_partitions(now)
    assert found == []
    service.ensure_partitions(now + timedelta(days=1))
    assert service._ensured_on == (now + timedelta(days=1)).date()
