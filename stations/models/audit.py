"""The audit trail: who changed what, through which door, from where."""

from typing import Any

from django.db import models
from simple_history.models import HistoricalRecords


class AuditColumns(models.Model):
    """Columns that every history row has beside its user and reason."""

    history_channel = models.CharField(max_length=20, default="system")
    history_address = models.GenericIPAddressField(null=True)

    class Meta:
        abstract = True


def audit_trail(**options: Any) -> HistoricalRecords:
    """Return the history manager for a configuration table."""
    return HistoricalRecords(bases=[AuditColumns], **options)
