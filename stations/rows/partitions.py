"""Tables that are cut by time on PostgreSQL and stay plain tables on SQLite."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from typing import Any, Literal

from django.db import connection, migrations, transaction
from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations.state import ProjectState

Span = Literal["day", "month"]
DAYS_AHEAD = 14
PARTITIONS_LOCK = 0x63686172676568  # an advisory lock that is ours alone


@dataclass(frozen=True, slots=True)
class Partition:
    """One slice of a table: rows whose time lies in [starts_on, ends_on), in UTC."""

    table: str
    span: Span
    starts_on: date
    ends_on: date

    @property
    def name(self) -> str:
        suffix = f"{self.starts_on:%Y%m%d}" if self.span == "day" else f"{self.starts_on:%Y%m}"
        return f"{self.table}_{suffix}"


def partition_of(table: str, *, span: Span, day: date) -> Partition:
    """Return the partition that holds `day`."""
    if span == "day":
        return Partition(table, span, day, day + timedelta(days=1))
    first = day.replace(day=1)
    return Partition(table, span, first, (first + timedelta(days=32)).replace(day=1))


def partitions_from(table: str, *, span: Span, now: datetime) -> Iterator[Partition]:
    """Yield the partitions that must exist at `now`: yesterday's to those of two weeks ahead."""
    seen = set()
    for offset in range(-1, DAYS_AHEAD + 1):
        partition = partition_of(table, span=span, day=(now + timedelta(days=offset)).date())
        if partition.name not in seen:
            seen.add(partition.name)
            yield partition


def create_partition(partition: Partition) -> None:
    """Create the partition if it is missing; nothing to do on SQLite.

    Made apart and then attached, which locks the parent as ShareUpdateExclusive and so stops no
    reader and no writer; CREATE … PARTITION OF would wait for the one and hold up the other.
    One process at a time makes partitions (an advisory lock).
    """
    if connection.vendor != "postgresql":
        return
    parent, name = map(connection.ops.quote_name, (partition.table, partition.name))
    with transaction.atomic(), connection.cursor() as cursor:
        cursor.execute("SELECT to_regclass(%s) IS NOT NULL", [name])
        if cursor.fetchone()[0]:
            return
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [PARTITIONS_LOCK])
        cursor.execute(
            f"CREATE TABLE IF NOT EXISTS {name}"
            f" (LIKE {parent} INCLUDING DEFAULTS INCLUDING CONSTRAINTS)"
        )
        cursor.execute("SELECT relispartition FROM pg_class WHERE oid = to_regclass(%s)", [name])
        if not cursor.fetchone()[0]:
            cursor.execute(
                f"ALTER TABLE {parent} ATTACH PARTITION {name}"
                f" FOR VALUES FROM ('{partition.starts_on} 00:00+00')"
                f" TO ('{partition.ends_on} 00:00+00')"
            )


class CreatePartitionedModel(migrations.CreateModel):
    """CreateModel that partitions the table by range of a time column on PostgreSQL.

    The primary key becomes (id, column) in the database, as PostgreSQL asks; in Django it is `id`.
    """

    def __init__(self, *args: Any, column: str, span: Span, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.column = column
        self.span = span

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        name, args, kwargs = super().deconstruct()
        return name, list(args), kwargs | {"column": self.column, "span": self.span}

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        if schema_editor.connection.vendor != "postgresql":
            super().database_forwards(app_label, schema_editor, from_state, to_state)
            return
        model = to_state.apps.get_model(app_label, self.name)
        sql, params = schema_editor.table_sql(model)
        quote = schema_editor.quote_name
        before, _, after = sql.partition(" PRIMARY KEY")
        body = before + after.rstrip().removesuffix(")")
        schema_editor.execute(
            f"{body}, PRIMARY KEY ({quote('id')}, {quote(self.column)}))"
            f" PARTITION BY RANGE ({quote(self.column)})",
            params,
        )
        for partition in partitions_from(
            model._meta.db_table, span=self.span, now=datetime.now(tz=UTC)
        ):
            create_partition(partition)


def drop_partitions_before(table: str, *, before: date) -> list[str]:
    """Drop the partitions that end on or before `before`; returns their names.

    Each is detached first, which waits for nobody, and dropped after: a plain DROP waits for
    readers of the table, and writers wait for the DROP. Must run outside a transaction.
    """
    dropped = []
    quote = connection.ops.quote_name
    for name, is_pending in _partitions_ending_by(table, before):
        with connection.cursor() as cursor:
            detach = f"ALTER TABLE {quote(table)} DETACH PARTITION {quote(name)}"
            cursor.execute(f"{detach} {'FINALIZE' if is_pending else 'CONCURRENTLY'}")
            cursor.execute(f"DROP TABLE {quote(name)}")
        dropped.append(name)
    return dropped


def _partitions_ending_by(table: str, before: date) -> list[tuple[str, bool]]:
    """Read the bounds from the catalogue: a name says nothing that is checked."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT child.relname, i.inhdetachpending,"
            " substring(pg_get_expr(child.relpartbound, child.oid) from 'TO \\(''([^'']+)''\\)')"
            " FROM pg_inherits i JOIN pg_class child ON child.oid = i.inhrelid"
            " WHERE i.inhparent = %s::regclass ORDER BY child.relname",
            [table],
        )
        rows = cursor.fetchall()
    return [
        (name, is_pending)
        for name, is_pending, end in rows
        if end is not None and datetime.fromisoformat(end).date() <= before
    ]
