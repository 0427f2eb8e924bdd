"""`/temporary-evse-statuses/`: what sensors and booking systems set, by EVSE ID."""

from typing import Any

from django.db.models import QuerySet
from django.utils import timezone
from django_filters import rest_framework as filters
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from scheduling.api.window_rules import MOST_WINDOWS, Errors, check_statuses, place
from scheduling.domain.statuses import WindowStatus
from scheduling.models import StatusWindow
from scheduling.permissions import check_targets
from scheduling.services.window_orders import WindowOrder
from scheduling.services.windows import change_window, end_window
from stations.api.fields import EvseIdField
from stations.api.filters import EvseFilter, YesNoFilter
from stations.api.serializers import RowSerializer
from stations.api.viewsets import ReadableResource
from stations.models.choices import choices

TEMPORARY = (
    WindowStatus.MAINTENANCE,
    WindowStatus.COMMISSIONING,
    WindowStatus.BLOCKED,
    WindowStatus.RESERVED,
)
TEMPORARY_CHOICES = [choice for choice in choices(WindowStatus) if choice[0] in TEMPORARY]


class TemporaryEvseStatusSerializer(RowSerializer[StatusWindow]):
    evse_id = EvseIdField(source="evse")
    temporary_status = serializers.ChoiceField(source="status", choices=TEMPORARY_CHOICES)
    valid_from = serializers.DateTimeField(
        source="starts_at", required=False, allow_null=True, help_text="Left out: now."
    )
    valid_to = serializers.DateTimeField(
        source="ends_at", required=False, allow_null=True, help_text="Empty: until it is removed."
    )

    class Meta:
        model = StatusWindow
        fields = [
            "id",
            "evse_id",
            "temporary_status",
            "valid_from",
            "valid_to",
            "message",
            "external_reference",
            "created_at",
            "ended_at",
        ]
        read_only_fields = ["created_at", "ended_at"]

    def validate_evse_id(self, evse: Any) -> Any:
        if self.instance is not None and evse.pk != self.instance.evse_id:
            raise serializers.ValidationError(
                "A status keeps its EVSE. End it, and set one on the other EVSE."
            )
        return evse


class TemporaryEvseStatusFilters(filters.FilterSet):
    evse_id = EvseFilter(field_name="evse")
    temporary_status = filters.ChoiceFilter(field_name="status", choices=TEMPORARY_CHOICES)
    active_only = YesNoFilter(
        method="leave_to_filter_queryset",
        help_text="Only what is in force now; true unless it is false.",
    )

    def leave_to_filter_queryset(
        self, windows: QuerySet[Any], name: str, value: bool
    ) -> QuerySet[Any]:
        return windows

    def filter_queryset(self, queryset: Any) -> Any:
        windows = super().filter_queryset(queryset)
        if self.form.cleaned_data.get("active_only") is False:
            return windows
        return windows.current(timezone.now())


ONE_OR_MANY = PolymorphicProxySerializer(
    component_name="TemporaryEvseStatuses",
    serializers=[
        TemporaryEvseStatusSerializer(many=False),
        TemporaryEvseStatusSerializer(many=True),
    ],
    resource_type_field_name=None,
    many=False,
)


class TemporaryEvseStatusViewSet(
    mixins.CreateModelMixin, mixins.UpdateModelMixin, ReadableResource
):
    """The status windows of single EVSEs that programs set; the same rows as `/status-windows/`."""

    queryset = StatusWindow.objects.filter(evse__isnull=False, status__in=TEMPORARY).select_related(
        "evse"
    )
    serializer_class = TemporaryEvseStatusSerializer
    filterset_class = TemporaryEvseStatusFilters

    @extend_schema(request=ONE_OR_MANY, responses={201: ONE_OR_MANY})
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Set a status, or a list of them: all or none, with the errors of each row."""
        is_list = isinstance(request.data, list)
        if is_list and not 1 <= len(request.data) <= MOST_WINDOWS:
            raise serializers.ValidationError([f"Send 1 to {MOST_WINDOWS} statuses at once."])
        serializer = self.get_serializer(data=request.data, many=is_list)
        serializer.is_valid(raise_exception=True)
        rows = serializer.validated_data if is_list else [serializer.validated_data]
        orders = [_order(row) for row in rows]
        windows = place(self.caller, orders, as_errors=_as_rows if is_list else _as_one)
        shown = self.get_serializer(windows if is_list else windows[0], many=is_list).data
        return Response(shown, status=status.HTTP_201_CREATED)

    def perform_update(self, serializer: serializers.BaseSerializer[Any]) -> None:
        window: Any = serializer.instance
        changes = dict(serializer.validated_data)
        changes.pop("evse", None)
        status = changes.get("status", window.status)
        check_statuses(self.caller, [window.status, status])
        check_targets(self.caller, [(window.target, status)])
        change_window(window, actor=self.caller, **changes)
        serializer.instance = self.get_queryset().get(pk=window.pk)

    def destroy(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """End a status now; one that has not begun is removed."""
        window = self.get_object()
        check_statuses(self.caller, [window.status])
        end_window(window, actor=self.caller)
        return Response(status=status.HTTP_204_NO_CONTENT)


def _order(row: dict[str, Any]) -> WindowOrder:
    return WindowOrder(row["evse"], {name: row[name] for name in row if name != "evse"})


def _as_one(errors: Errors) -> Any:
    return _by_field(errors[0])


def _as_rows(errors: Errors) -> Any:
    return {position: _by_field(row) for position, row in errors.items()}


def _by_field(errors: dict[str, Any]) -> dict[str, Any]:
    """Name the fields of a window as this resource does."""
    names = {
        "starts_at": "valid_from",
        "ends_at": "valid_to",
        "status": "temporary_status",
        "target": "evse_id",
    }
    return {names.get(name, name): texts for name, texts in errors.items()}
