"""`/evses/`: EVSEs with what they report, what is wanted of them, and what drivers are told."""

from datetime import datetime
from typing import Any

from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from scheduling.api.reported import connection_of, reported_status, speakers
from scheduling.domain.statuses import Availability, PublicStatus, TargetKind, WindowStatus
from scheduling.domain.windows import CurrentWindow
from scheduling.selectors.schedules import EvseSchedule, schedules
from stations.api.fields import NewEvseIdField, StationField, TextOfRow
from stations.api.filters import StationFilter, WholeNumberFilter, YesNoFilter
from stations.api.serializers import RowSerializer
from stations.api.viewsets import DeletableResource
from stations.domain.identity import evse_id_key
from stations.models import Evse
from stations.models.choices import choices
from stations.services.equipment import retire_evse, save_evse

NO_SCHEDULE = EvseSchedule(None, None, ())


class WindowOfEvseSerializer(serializers.Serializer[CurrentWindow]):
    id = serializers.IntegerField(source="window_id")
    target = serializers.ChoiceField(choices=choices(TargetKind))
    status = serializers.ChoiceField(choices=choices(WindowStatus))
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField(allow_null=True)


class EvseListSerializer(serializers.ListSerializer[Any]):
    """Reads the windows of a whole page at once."""

    def to_representation(self, data: Any) -> list[Any]:
        evses = list(data)
        child: Any = self.child
        child.schedules = schedules([evse.pk for evse in evses], now=timezone.now())
        return super().to_representation(evses)


class EvseSerializer(RowSerializer[Evse]):
    station = StationField()
    number = serializers.IntegerField(min_value=1, max_value=2**31 - 1)
    evse_id = NewEvseIdField(max_length=48, required=False, allow_blank=True)
    online = serializers.SerializerMethodField()
    reported_status = serializers.SerializerMethodField()
    reported_at = serializers.SerializerMethodField()
    error_code = serializers.SerializerMethodField()
    desired_availability = TextOfRow(source="published.desired", default=Availability.OPERATIVE)
    availability_outcome = TextOfRow(source="availability.outcome")
    published_status = TextOfRow(source="published.status", default=PublicStatus.UNKNOWN)
    cause = TextOfRow(source="published.cause")
    published_at = serializers.DateTimeField(
        source="published.published_at", read_only=True, default=None, allow_null=True
    )
    active_window = serializers.SerializerMethodField()
    next_window = serializers.SerializerMethodField()

    schedules: dict[int, EvseSchedule] | None = None

    class Meta:
        model = Evse
        validators: list[Any] = []  # the service names the field
        list_serializer_class = EvseListSerializer
        fields = [
            "uid",
            "evse_id",
            "station",
            "number",
            "physical_reference",
            "online",
            "reported_status",
            "reported_at",
            "error_code",
            "desired_availability",
            "availability_outcome",
            "published_status",
            "cause",
            "published_at",
            "active_window",
            "next_window",
            "retired_at",
            "created_at",
            "updated_at",
        ]
        read_only_fields = ["retired_at"]

    def get_online(self, evse: Evse) -> bool:
        connection = connection_of(evse)
        return connection is not None and connection.is_online

    def get_reported_status(self, evse: Evse) -> str:
        return reported_status(evse) or ""

    def get_reported_at(self, evse: Evse) -> datetime | None:
        times = [at for _, at in speakers(evse) if at is not None]
        return max(times, default=None)

    def get_error_code(self, evse: Evse) -> str:
        return next((code for code, _ in speakers(evse) if code), "")

    @extend_schema_field(WindowOfEvseSerializer(allow_null=True))
    def get_active_window(self, evse: Evse) -> Any:
        return _window(self._schedule(evse).active)

    @extend_schema_field(WindowOfEvseSerializer(allow_null=True))
    def get_next_window(self, evse: Evse) -> Any:
        return _window(self._schedule(evse).upcoming)

    def create(self, validated_data: dict[str, Any]) -> Evse:
        return save_evse(Evse(), **validated_data)

    def update(self, instance: Evse, validated_data: dict[str, Any]) -> Evse:
        return save_evse(instance, **validated_data)

    def validate_station(self, station: Any) -> Any:
        if self.instance is not None and station.pk != self.instance.station_id:
            raise serializers.ValidationError("An EVSE stays with its station.")
        return station

    def _schedule(self, evse: Evse) -> EvseSchedule:
        if self.schedules is None:
            return schedules([evse.pk], now=timezone.now()).get(evse.pk, NO_SCHEDULE)
        return self.schedules.get(evse.pk, NO_SCHEDULE)


def _window(window: CurrentWindow | None) -> Any:
    return None if window is None else WindowOfEvseSerializer(window).data


class EvseFilters(filters.FilterSet):
    station = StationFilter(field_name="station")
    location = WholeNumberFilter(field_name="station__location")
    operator = WholeNumberFilter(field_name="station__operator")
    evse_id = filters.CharFilter(method="filter_evse_id")
    uid = filters.UUIDFilter()
    published_status = filters.ChoiceFilter(
        field_name="published__status", choices=choices(PublicStatus)
    )
    retired = YesNoFilter(field_name="retired_at", lookup_expr="isnull", exclude=True)

    def filter_evse_id(self, evses: Any, name: str, value: str) -> Any:
        return evses.filter(evse_id_key=evse_id_key(value))


class EvseViewSet(DeletableResource):
    """What charges one car at a time. DELETE retires an EVSE: it is no longer published."""

    queryset = Evse.objects.select_related(
        "station__connection", "published", "availability"
    ).prefetch_related("connectors__state")
    serializer_class = EvseSerializer
    filterset_class = EvseFilters
    lookup_field = "uid"
    lookup_value_regex = "[0-9a-fA-F-]{32,36}"

    def perform_destroy(self, instance: Evse) -> None:
        retire_evse(instance)
