"""`/status-windows/`: statuses set by hand, by schedule or by API."""

from typing import Any

from django.db.models import Q, QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from scheduling.api.window_rules import MOST_WINDOWS, Errors, check_statuses, place
from scheduling.domain.statuses import WindowSource, WindowStatus
from scheduling.models import StatusWindow
from scheduling.permissions import check_targets
from scheduling.selectors.targets import Target
from scheduling.services.window_orders import WindowOrder
from scheduling.services.windows import change_window, end_window
from stations.api.fields import EvseField, StationField, location_field
from stations.api.filters import EvseFilter, StationFilter, WholeNumberFilter, YesNoFilter
from stations.api.serializers import KnownFields, RowSerializer
from stations.api.viewsets import ReadableResource
from stations.models.choices import choices

TARGETS = ("location", "station", "evse")


class TargetSerializer(KnownFields):
    location = location_field()
    station = StationField(required=False, allow_null=True)
    evse = EvseField(required=False, allow_null=True)

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if _targets_named(attrs) != 1:
            raise serializers.ValidationError({"target": "Name one of location, station, evse."})
        return attrs


class StatusWindowSerializer(RowSerializer[StatusWindow]):
    location = location_field()
    station = StationField(required=False, allow_null=True)
    evse = EvseField(required=False, allow_null=True)
    targets = TargetSerializer(
        many=True,
        required=False,
        write_only=True,
        help_text="The same window on several targets at once, all or none.",
    )
    starts_at = serializers.DateTimeField(
        required=False, allow_null=True, help_text="Left out: now."
    )
    active = serializers.SerializerMethodField()
    created_by = serializers.CharField(source="created_by.username", read_only=True, default=None)
    ended_by = serializers.CharField(source="ended_by.username", read_only=True, default=None)

    class Meta:
        model = StatusWindow
        fields = [
            "id",
            *TARGETS,
            "targets",
            "status",
            "starts_at",
            "ends_at",
            "message",
            "takes_out_of_service",
            "recurrence",
            "external_reference",
            "active",
            "source",
            "created_by",
            "created_at",
            "ended_by",
            "ended_at",
        ]
        read_only_fields = ["source", "created_at", "ended_at"]

    def get_active(self, window: StatusWindow) -> bool:
        return window.is_active(timezone.now())

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if self.instance is None:
            self._check_new(attrs)
        else:
            self._check_target_stays(attrs)
        return attrs

    def _check_new(self, attrs: dict[str, Any]) -> None:
        targets = attrs.get("targets")
        if _targets_named(attrs) != (1 if targets is None else 0):
            raise serializers.ValidationError(
                {"target": "Name one of location, station, evse, or a list of targets."}
            )
        if targets is not None and not 1 <= len(targets) <= MOST_WINDOWS:
            raise serializers.ValidationError({"targets": f"Name 1 to {MOST_WINDOWS} targets."})

    def _check_target_stays(self, attrs: dict[str, Any]) -> None:
        errors = {
            name: "A window keeps its target. End it, and set one on the other target."
            for name in TARGETS
            if name in attrs and attrs[name] != getattr(self.instance, name)
        }
        if "targets" in attrs:
            errors["targets"] = "A window keeps its target."
        if errors:
            raise serializers.ValidationError(errors)


class StatusWindowListSerializer(serializers.Serializer[Any]):
    results = StatusWindowSerializer(many=True)


class StatusWindowFilters(filters.FilterSet):
    location = WholeNumberFilter(field_name="location")
    station = StationFilter(field_name="station")
    evse = EvseFilter(field_name="evse")
    status = filters.ChoiceFilter(choices=choices(WindowStatus))
    source = filters.ChoiceFilter(choices=choices(WindowSource))
    external_reference = filters.CharFilter()
    active = YesNoFilter(method="filter_active", help_text="In force now.")
    starts_after = filters.IsoDateTimeFilter(field_name="starts_at", lookup_expr="gte")
    starts_before = filters.IsoDateTimeFilter(field_name="starts_at", lookup_expr="lt")

    def filter_active(self, windows: QuerySet[Any], name: str, value: bool) -> QuerySet[Any]:
        current = Q(pk__in=StatusWindow.objects.current(timezone.now()).values("pk"))
        return windows.filter(current if value else ~current)


class StatusWindowViewSet(mixins.CreateModelMixin, mixins.UpdateModelMixin, ReadableResource):
    """Statuses that are set on locations, stations and EVSEs, and when."""

    queryset = StatusWindow.objects.select_related(
        "location", "station", "evse__station", "created_by", "ended_by"
    )
    serializer_class = StatusWindowSerializer
    filterset_class = StatusWindowFilters

    @extend_schema(
        responses={
            201: PolymorphicProxySerializer(
                component_name="NewStatusWindows",
                serializers=[StatusWindowSerializer, StatusWindowListSerializer],
                resource_type_field_name=None,
            )
        }
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Set a window on one target, or the same on a list of `targets`: all or none.

        One target answers with the window, a list with `results` in the order of the targets.
        """
        serializer = self.get_serializer(data=request.data)
        serializer.is_valid(raise_exception=True)
        values = dict(serializer.validated_data)
        targets = values.pop("targets", None)
        named = [values] if targets is None else targets
        values = {name: value for name, value in values.items() if name not in TARGETS}
        orders = [WindowOrder(_target(each), values) for each in named]
        as_errors = _as_errors_of_one if targets is None else _as_errors_of_targets
        windows = place(self.caller, orders, as_errors=as_errors)
        shown = [self.get_serializer(window).data for window in windows]
        body = shown[0] if targets is None else {"results": shown}
        return Response(body, status=status.HTTP_201_CREATED)

    def perform_update(self, serializer: serializers.BaseSerializer[Any]) -> None:
        window: Any = serializer.instance
        changes = {
            name: value for name, value in serializer.validated_data.items() if name not in TARGETS
        }
        status = changes.get("status", window.status)
        check_statuses(self.caller, [window.status, status])
        check_targets(self.caller, [(window.target, status)])
        change_window(window, actor=self.caller, **changes)
        serializer.instance = self.get_queryset().get(pk=window.pk)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """End a window now; one that has not begun is removed."""
        window = self.get_object()
        check_statuses(self.caller, [window.status])
        end_window(window, actor=self.caller)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _targets_named(values: dict[str, Any]) -> int:
    return sum(values.get(name) is not None for name in TARGETS)


def _target(values: dict[str, Any]) -> Target:
    found: Target = next(values[name] for name in TARGETS if values.get(name) is not None)
    return found


def _as_errors_of_one(errors: Errors) -> Any:
    return errors[0]


def _as_errors_of_targets(errors: Errors) -> Any:
    return {"targets": errors}
