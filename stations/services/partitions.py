"""Keeps the partitions of growing tables made ahead of time (PostgreSQL)."""

from datetime import date, datetime
from typing import cast

from django.apps import apps
from django.conf import settings

from stations.rows.partitions import Span, create_partition, partitions_from

_ensured_on: date | None = None


def make_partitions(now: datetime) -> None:
    """Make every partition from yesterday to two weeks ahead; those that exist stay as they are."""
    spans: dict[str, str] = settings.PARTITIONED_MODELS
    for label, span in spans.items():
        table = apps.get_model(label)._meta.db_table
        for partition in partitions_from(table, span=cast("Span", span), now=now):
            create_partition(partition)


def ensure_partitions(now: datetime) -> None:
    """Make the partitions once a day and process, so that a day never begins without one."""
    global _ensured_on
    today = now.date()
    if _ensured_on != today:
        make_partitions(now)
        _ensured_on = today
