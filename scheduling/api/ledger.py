"""`/status-ledger/`: what was reported, wanted and published of an EVSE, and when."""

from typing import Any

from django.db.models import QuerySet
from django_filters import rest_framework as filters
from rest_framework import serializers

from scheduling.domain.statuses import PublicStatus
from scheduling.models import StatusLedger
from stations.api.fields import EvseIdField, LongIdField
from stations.api.filters import EvseFilter, StationFilter
from stations.api.serializers import RowSerializer
from stations.api.viewsets import ReadableResource
from stations.models.choices import choices


class StatusLedgerSerializer(RowSerializer[StatusLedger]):
    id = LongIdField()
    evse = serializers.UUIDField(source="evse.uid", read_only=True)
    evse_id = EvseIdField(source="evse", read_only=True)
    online = serializers.BooleanField(source="is_online", read_only=True)
    window = serializers.IntegerField(source="window_id", read_only=True, allow_null=True)

    class Meta:
        model = StatusLedger
        fields = [
            "id",
            "at",
            "evse",
            "evse_id",
            "reported",
            "online",
            "window",
            "desired",
            "status",
            "cause",
        ]
        read_only_fields = fields


class StatusLedgerFilters(filters.FilterSet):
    evse = EvseFilter(field_name="evse")
    station = StationFilter(field_name="evse__station")
    status = filters.ChoiceFilter(choices=choices(PublicStatus))
    after = filters.IsoDateTimeFilter(field_name="at", lookup_expr="gte")
    before = filters.IsoDateTimeFilter(field_name="at", lookup_expr="lt")
    at = filters.IsoDateTimeFilter(
        method="filter_at", help_text="The one entry that was in force then; needs `evse`."
    )

    def filter_at(self, entries: QuerySet[Any], name: str, value: Any) -> QuerySet[Any]:
        if not self.data.get("evse"):
            raise serializers.ValidationError({"at": ["Name the EVSE too: `evse=…&at=…`."]})
        earlier = entries.filter(at__lte=value).order_by("-at", "-pk")
        last = earlier.values_list("pk", flat=True).first()
        return entries.none() if last is None else entries.filter(pk=last)


class StatusLedgerViewSet(ReadableResource):
    """One entry for every change of what was reported, online, planned, desired or published."""

    queryset = StatusLedger.objects.select_related("evse")
    serializer_class = StatusLedgerSerializer
    filterset_class = StatusLedgerFilters
