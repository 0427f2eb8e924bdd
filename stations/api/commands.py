"""`/commands/` and `/stations/<identity>/commands/`: what stations were asked and answered."""

from datetime import timedelta
from typing import Any

from django.db.models import QuerySet
from django.shortcuts import get_object_or_404
from django_filters import rest_framework as filters
from drf_spectacular.utils import OpenApiResponse, extend_schema
from rest_framework import mixins, serializers, status
from rest_framework.exceptions import PermissionDenied
from rest_framework.request import Request
from rest_framework.response import Response

from stations.api.fields import EvseField, StationField
from stations.api.filters import EvseFilter, StationFilter
from stations.api.problems import Conflict
from stations.api.serializers import KnownFields, ObjectField, RowSerializer
from stations.api.viewsets import ReadableResource, ResourceViewSet
from stations.domain.command import CommandKind, CommandSource, CommandState
from stations.models import Command, Station
from stations.models.choices import choices
from stations.permissions import may_service, readable
from stations.services.commands import DEFAULT_EXPIRY, StationOffline, send_command

LONGEST_WAIT_S = 30
LONGEST_EXPIRY_S = 7 * 24 * 3600


class ReadableField(serializers.JSONField):
    """JSON as the caller may read it."""

    def __init__(self) -> None:
        super().__init__(read_only=True)

    def to_representation(self, value: Any) -> Any:
        return readable(self.context["request"].user, value)


class CommandSerializer(RowSerializer[Command]):
    station = StationField(read_only=True)
    evse = EvseField(read_only=True)
    params = ReadableField()
    answer = ReadableField()
    actor = serializers.CharField(source="actor.username", read_only=True, default=None)

    class Meta:
        model = Command
        fields = [
            "id",
            "station",
            "evse",
            "kind",
            "params",
            "state",
            "source",
            "actor",
            "message_id",
            "action",
            "answer",
            "error_code",
            "error",
            "created_at",
            "expires_at",
            "sent_at",
            "settled_at",
            "effect_seen_at",
        ]
        read_only_fields = fields


class RawCallSerializer(KnownFields):
    action = serializers.CharField(max_length=50)
    payload = ObjectField(default=dict)


class NewCommandSerializer(KnownFields):
    kind = serializers.ChoiceField(choices=choices(CommandKind), required=False)
    params = ObjectField(required=False)
    evse = EvseField(required=False, allow_null=True)
    raw = RawCallSerializer(
        required=False, help_text="Any OCPP CALL as it is; needs a permission of its own."
    )
    wait = serializers.FloatField(
        min_value=0,
        max_value=LONGEST_WAIT_S,
        default=0,
        help_text="Seconds to wait for the answer of the station.",
    )
    expires_in = serializers.IntegerField(
        min_value=1,
        max_value=LONGEST_EXPIRY_S,
        required=False,
        allow_null=True,
        help_text="Seconds that the command may wait for an offline station; without it and "
        "without `wait` such a station is answered with 409 at once.",
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if ("kind" in attrs) == ("raw" in attrs):
            raise serializers.ValidationError({"kind": "Give either kind or raw."})
        if "raw" in attrs and "params" in attrs:
            raise serializers.ValidationError({"params": "A raw CALL has its payload instead."})
        return attrs


class StationCommandFilters(filters.FilterSet):
    evse = EvseFilter(field_name="evse")
    kind = filters.ChoiceFilter(choices=choices(CommandKind))
    state = filters.ChoiceFilter(choices=choices(CommandState))
    source = filters.ChoiceFilter(choices=choices(CommandSource))
    created_after = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_before = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")


class CommandFilters(StationCommandFilters):
    station = StationFilter(field_name="station")


COMMANDS = Command.objects.select_related("station", "evse", "actor")


class CommandViewSet(ReadableResource):
    """What stations were asked to do, what they answered, and when the effect was seen."""

    queryset = COMMANDS
    serializer_class = CommandSerializer
    filterset_class = CommandFilters


class StationCommandViewSet(mixins.ListModelMixin, ResourceViewSet):
    """The commands of one station."""

    queryset = COMMANDS
    serializer_class = CommandSerializer
    filterset_class = StationCommandFilters

    def get_queryset(self) -> QuerySet[Any]:
        commands = super().get_queryset()
        if getattr(self, "swagger_fake_view", False):
            return commands
        return commands.filter(station=self._station())

    @extend_schema(
        request=NewCommandSerializer,
        responses={
            200: OpenApiResponse(CommandSerializer, "The command is settled."),
            202: OpenApiResponse(CommandSerializer, "The command is still under way."),
        },
    )
    def create(self, request: Request, **kwargs: Any) -> Response:
        """Send a command; with `wait` the answer of the station comes with the response.

        An offline station is a conflict (409), unless `wait` or `expires_in` lets the command wait
        for it.
        """
        station = self._station()
        if not may_service(self.caller, station):
            raise PermissionDenied("Your role does not let you send commands to this station.")
        wanted = NewCommandSerializer(data=request.data, context=self.get_serializer_context())
        wanted.is_valid(raise_exception=True)
        command = self._send(station, wanted.validated_data)
        return Response(
            self.get_serializer(command).data,
            status=status.HTTP_200_OK if command.is_settled else status.HTTP_202_ACCEPTED,
        )

    def _station(self) -> Station:
        visible = Station.objects.visible_to(self.caller)
        station: Station = get_object_or_404(visible, identity=self.kwargs["identity"])
        return station

    def _send(self, station: Station, wanted: dict[str, Any]) -> Command:
        kind = wanted.get("kind", CommandKind.RAW)
        if kind == CommandKind.RAW and not self.caller.has_perm("stations.send_raw_command"):
            raise PermissionDenied("Sending any CALL needs the permission to send raw commands.")
        wait = timedelta(seconds=wanted["wait"]) or None
        try:
            return send_command(
                station,
                kind,
                wanted.get("params"),
                raw=wanted.get("raw"),
                evse=wanted.get("evse"),
                actor=self.caller,
                source=CommandSource.API,
                wait=wait,
                expires_in=_expiry(wanted.get("expires_in"), wait),
            )
        except StationOffline as offline:
            raise Conflict(f"{offline} (`expires_in`, in seconds)") from offline


def _expiry(asked_s: int | None, wait: timedelta | None) -> timedelta | None:
    """Return how long the command may wait for the station: who waits lets it come back."""
    if asked_s is not None:
        return timedelta(seconds=asked_s)
    return None if wait is None else max(wait, DEFAULT_EXPIRY)
