"""Takes away what is older than it must be kept."""

from datetime import date, datetime, timedelta

from django.apps import apps
from django.conf import settings
from django.db import connection, models

from stations.rows.partitions import drop_partitions_before

ROWS_PER_TRANSACTION = 10_000
_DAYS_A_MONTH = 31
# The time column of each table that is cut by time.
_TIME_COLUMNS = {
    "diagnostics.Message": "received_at",
    "charging.MeterValue": "received_at",
    "scheduling.StatusLedger": "at",
}


def _days_kept() -> dict[str, int]:
    return {
        "diagnostics.Message": settings.MESSAGE_LOG_RETENTION_DAYS,
        "charging.MeterValue": settings.METER_VALUE_RETENTION_DAYS,
        "scheduling.StatusLedger": settings.LEDGER_RETENTION_MONTHS * _DAYS_A_MONTH,
    }


def drop_expired(now: datetime) -> None:
    """Drop expired partitions (PostgreSQL), or delete expired rows some at a time (SQLite)."""
    for label, days in _days_kept().items():
        model = apps.get_model(label)
        before = (now - timedelta(days=days)).date()
        if connection.vendor == "postgresql":
            drop_partitions_before(model._meta.db_table, before=before)
        else:
            _delete_before(model, _TIME_COLUMNS[label], before)


def _delete_before(model: type[models.Model], column: str, before: date) -> None:
    """Ids are in order of time, so the oldest rows are the first by key."""
    rows = model._default_manager.order_by("pk")
    while True:
        batch = list(rows.values_list("pk", f"{column}__date")[:ROWS_PER_TRANSACTION])
        expired = [pk for pk, day in batch if day < before]
        if not expired:
            return
        rows.filter(pk__in=expired).order_by().delete()
