"""`/stations/`: charging stations by their identity; higher apps add what they know of them."""

from typing import Any

from django.core.validators import RegexValidator
from django.db.models import QuerySet
from django_filters import rest_framework as filters
from rest_framework import serializers
from rest_framework.validators import UniqueValidator

from stations.api.fields import account_field, location_field, new_rows_operator_field
from stations.api.filters import WholeNumberFilter, YesNoFilter
from stations.api.serializers import RowSerializer
from stations.api.viewsets import ChangeableResource
from stations.domain.identity import STATION_IDENTITY
from stations.domain.ocpp_version import OcppVersion
from stations.domain.setup_state import RegistrationStatus, SetupState
from stations.models import Evse, Station
from stations.models.choices import choices
from stations.services.stations import create_station, update_station


class EvseOfStationSerializer(serializers.ModelSerializer[Evse]):
    class Meta:
        model = Evse
        fields = ["uid", "evse_id", "number"]


class StationSerializer(RowSerializer[Station]):
    identity = serializers.CharField(
        max_length=48,
        trim_whitespace=False,
        validators=[
            RegexValidator(
                rf"\A{STATION_IDENTITY.pattern}\Z",
                "An identity has 1 to 48 of these signs: A-Z a-z 0-9 * - _ = + | @ .",
            ),
            UniqueValidator(Station.objects.all(), "There is a station with this identity."),
        ],
    )
    operator = new_rows_operator_field()
    account = account_field()
    field_service_account = account_field()
    location = location_field()
    disabled = serializers.BooleanField(source="is_disabled", required=False)
    password = serializers.CharField(
        write_only=True,
        required=False,
        allow_blank=True,
        trim_whitespace=False,
        help_text="16 to 64 characters; in OCPP 1.6 40 hex digits. Empty: no password is asked.",
    )
    has_password = serializers.BooleanField(read_only=True)
    online = serializers.SerializerMethodField()
    last_seen_at = serializers.DateTimeField(
        source="connection.last_seen_at", read_only=True, default=None, allow_null=True
    )
    connected_at = serializers.DateTimeField(
        source="connection.connected_at", read_only=True, default=None, allow_null=True
    )
    evses = EvseOfStationSerializer(many=True, read_only=True)

    class Meta:
        model = Station
        fields = [
            "identity",
            "serial_number",
            "operator",
            "account",
            "field_service_account",
            "location",
            "vendor",
            "model",
            "firmware",
            "ocpp_version",
            "iccid",
            "imsi",
            "meter_serial_number",
            "meter_type",
            "registration",
            "setup_state",
            "disabled",
            "password",
            "has_password",
            "online",
            "connected_at",
            "last_seen_at",
            "evses",
            "created_at",
            "updated_at",
        ]
        read_only_fields = [
            "firmware",
            "ocpp_version",
            "iccid",
            "imsi",
            "meter_serial_number",
            "meter_type",
        ]

    def get_online(self, station: Station) -> bool:
        connection = getattr(station, "connection", None)
        return connection is not None and connection.is_online

    def validate_identity(self, identity: str) -> str:
        if self.instance is not None and identity != self.instance.identity:
            raise serializers.ValidationError("A station keeps its identity.")
        return identity

    def create(self, validated_data: dict[str, Any]) -> Station:
        return create_station(**validated_data)

    def update(self, instance: Station, validated_data: dict[str, Any]) -> Station:
        validated_data.pop("identity", None)
        return update_station(instance, **validated_data)


class StationFilters(filters.FilterSet):
    identity = filters.CharFilter()
    serial_number = filters.CharFilter()
    operator = WholeNumberFilter(field_name="operator")
    account = WholeNumberFilter(field_name="account")
    location = WholeNumberFilter(field_name="location")
    vendor = filters.CharFilter()
    model = filters.CharFilter()
    firmware = filters.CharFilter()
    ocpp_version = filters.ChoiceFilter(choices=choices(OcppVersion))
    setup_state = filters.ChoiceFilter(choices=choices(SetupState))
    registration = filters.ChoiceFilter(choices=choices(RegistrationStatus))
    disabled = YesNoFilter(field_name="is_disabled")
    online = YesNoFilter(method="filter_online")
    last_seen_before = filters.IsoDateTimeFilter(
        field_name="connection__last_seen_at", lookup_expr="lt"
    )

    def filter_online(self, stations: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        online = stations.filter(connection__token__gt="")
        return online if value else stations.exclude(connection__token__gt="")


class StationViewSet(ChangeableResource):
    """Charging stations; one that is no longer used becomes RETIRED and keeps its history."""

    queryset = Station.objects.select_related("connection").prefetch_related("evses")
    serializer_class = StationSerializer
    filterset_class = StationFilters
    lookup_field = "identity"
    lookup_value_regex = STATION_IDENTITY.pattern
