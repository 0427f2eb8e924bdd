"""`/meter-values/`: what was metered, newest first."""

from django_filters import rest_framework as filters
from rest_framework import serializers

from sessions.models import MeterValue
from stations.api.fields import LongIdField, StationField
from stations.api.filters import StationFilter, WholeNumberFilter
from stations.api.serializers import RowSerializer
from stations.api.viewsets import ReadableResource


class MeterValueSerializer(RowSerializer[MeterValue]):
    id = LongIdField()
    station = StationField(read_only=True)
    session = serializers.IntegerField(source="session_id", read_only=True, allow_null=True)
    samples = serializers.JSONField(read_only=True)

    class Meta:
        model = MeterValue
        fields = [
            "id",
            "received_at",
            "station",
            "session",
            "ocpp_evse_id",
            "ocpp_connector_id",
            "sampled_at",
            "context",
            "energy_wh",
            "power_w",
            "soc_percent",
            "samples",
        ]
        read_only_fields = fields


class MeterValueFilters(filters.FilterSet):
    station = StationFilter(field_name="station")
    session = WholeNumberFilter(field_name="session")
    received_after = filters.IsoDateTimeFilter(field_name="received_at", lookup_expr="gte")
    received_before = filters.IsoDateTimeFilter(field_name="received_at", lookup_expr="lt")


class MeterValueViewSet(ReadableResource):
    """Readings of meters, with every value as the station sent it."""

    queryset = MeterValue.objects.select_related("station")
    serializer_class = MeterValueSerializer
    filterset_class = MeterValueFilters
