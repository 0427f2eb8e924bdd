"""`/connectors/`: sockets and cables of EVSEs."""

from typing import Any

from django_filters import rest_framework as filters
from rest_framework import serializers

from stations.api.fields import EvseField, StationField, TextOfRow
from stations.api.filters import EvseFilter, StationFilter
from stations.api.serializers import RowSerializer
from stations.api.viewsets import DeletableResource
from stations.domain.connector_type import ConnectorStandard, PowerType
from stations.models import Connector
from stations.models.choices import choices
from stations.services.equipment import remove_connector, save_connector


class ConnectorSerializer(RowSerializer[Connector]):
    station = StationField(read_only=True)
    evse = EvseField()
    ocpp_evse_id = serializers.IntegerField(min_value=1, max_value=2**31 - 1, required=False)
    ocpp_connector_id = serializers.IntegerField(min_value=1, max_value=2**31 - 1, default=1)
    max_voltage_v = serializers.IntegerField(min_value=0, max_value=10_000, required=False)
    max_current_a = serializers.IntegerField(min_value=0, max_value=10_000, required=False)
    max_power_w = serializers.IntegerField(read_only=True)
    reported_status = TextOfRow(source="state.status")
    error_code = TextOfRow(source="state.error_code")
    reported_at = serializers.DateTimeField(
        source="state.received_at", read_only=True, default=None, allow_null=True
    )

    class Meta:
        model = Connector
        validators: list[Any] = []  # the service names the field
        fields = [
            "id",
            "station",
            "evse",
            "ocpp_evse_id",
            "ocpp_connector_id",
            "standard",
            "format",
            "power_type",
            "max_voltage_v",
            "max_current_a",
            "max_power_w",
            "reported_status",
            "error_code",
            "reported_at",
            "created_at",
            "updated_at",
        ]

    def create(self, validated_data: dict[str, Any]) -> Connector:
        validated_data.setdefault("ocpp_evse_id", validated_data["evse"].number)
        return save_connector(Connector(), **validated_data)

    def update(self, instance: Connector, validated_data: dict[str, Any]) -> Connector:
        return save_connector(instance, **validated_data)


class ConnectorFilters(filters.FilterSet):
    station = StationFilter(field_name="station")
    evse = EvseFilter(field_name="evse")
    standard = filters.ChoiceFilter(choices=choices(ConnectorStandard))
    power_type = filters.ChoiceFilter(choices=choices(PowerType))


class ConnectorViewSet(DeletableResource):
    """Sockets and cables; one that the station reports again comes back."""

    queryset = Connector.objects.select_related("station", "evse", "state")
    serializer_class = ConnectorSerializer
    filterset_class = ConnectorFilters

    def perform_destroy(self, instance: Connector) -> None:
        remove_connector(instance)
