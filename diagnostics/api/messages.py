"""`/messages/`: the message log, one row per OCPP CALL with its answer."""

from typing import Any

import orjson
from django_filters import rest_framework as filters
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import extend_schema_field
from rest_framework import serializers

from diagnostics.domain.words import Direction, Outcome
from diagnostics.models import Message
from stations.api.fields import LongIdField, StationField
from stations.api.filters import StationFilter, WholeNumberFilter
from stations.api.serializers import RowSerializer
from stations.api.viewsets import ReadableResource
from stations.models.choices import choices
from stations.permissions import readable


@extend_schema_field(OpenApiTypes.ANY)
class LoggedJSONField(serializers.Field[Any, Any, Any, Any]):
    """Logged text as the JSON it is, or as text where it is none."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(read_only=True, **kwargs)

    def to_representation(self, value: str) -> Any:
        if not value:
            return None
        value = readable(self.context["request"].user, value)
        try:
            return orjson.loads(value)
        except orjson.JSONDecodeError:
            return value


class MessageSerializer(RowSerializer[Message]):
    id = LongIdField()
    station = StationField(read_only=True)
    payload = LoggedJSONField()
    answer = LoggedJSONField()
    session = serializers.IntegerField(source="session_id", read_only=True, allow_null=True)

    class Meta:
        model = Message
        fields = [
            "id",
            "station",
            "direction",
            "message_id",
            "action",
            "payload",
            "answer",
            "outcome",
            "error_code",
            "received_at",
            "answered_at",
            "session",
            "connection",
        ]
        read_only_fields = fields


class MessageFilters(filters.FilterSet):
    station = StationFilter(field_name="station")
    action = filters.CharFilter()
    direction = filters.ChoiceFilter(choices=choices(Direction))
    outcome = filters.ChoiceFilter(choices=choices(Outcome))
    message_id = filters.CharFilter()
    session = WholeNumberFilter(field_name="session_id")
    received_after = filters.IsoDateTimeFilter(field_name="received_at", lookup_expr="gte")
    received_before = filters.IsoDateTimeFilter(field_name="received_at", lookup_expr="lt")


class MessageViewSet(ReadableResource):
    """What stations and back office said to each other, newest first."""

    queryset = Message.objects.select_related("station")
    serializer_class = MessageSerializer
    filterset_class = MessageFilters
