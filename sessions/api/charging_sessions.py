"""`/sessions/`: charging sessions."""

from django_filters import rest_framework as filters
from rest_framework import serializers

from sessions.domain.words import AuthorizationStatus, SessionState
from sessions.models import ChargingSession, Token
from stations.api.fields import EvseField, StationField
from stations.api.filters import EvseFilter, StationFilter, WholeNumberFilter, YesNoFilter
from stations.api.serializers import RowSerializer
from stations.api.viewsets import ReadableResource
from stations.domain.ocpp_version import OcppVersion
from stations.models.choices import choices


class ChargingSessionSerializer(RowSerializer[ChargingSession]):
    station = StationField(read_only=True)
    evse = EvseField(read_only=True)
    transaction_id = serializers.SerializerMethodField()
    token = serializers.SerializerMethodField()
    energy_wh = serializers.IntegerField(read_only=True, allow_null=True)
    flags = serializers.ListField(child=serializers.CharField(), read_only=True)

    class Meta:
        model = ChargingSession
        fields = [
            "id",
            "transaction_id",
            "station",
            "evse",
            "connector",
            "token",
            "authorization",
            "authorization_reason",
            "state",
            "charging_state",
            "started_at",
            "ended_at",
            "energy_wh",
            "start_meter_wh",
            "last_meter_wh",
            "last_power_w",
            "last_message_at",
            "stop_reason",
            "remote_start_id",
            "flags",
        ]
        read_only_fields = fields

    def get_transaction_id(self, session: ChargingSession) -> str:
        is_ours = session.station.ocpp_version == OcppVersion.V16
        is_orphan = session.state == SessionState.ORPHAN
        return str(session.pk) if is_ours or is_orphan else session.start_key

    def get_token(self, session: ChargingSession) -> str:
        return Token(uid=session.token_uid).masked


class ChargingSessionFilters(filters.FilterSet):
    station = StationFilter(field_name="station")
    evse = EvseFilter(field_name="evse")
    state = filters.ChoiceFilter(choices=choices(SessionState))
    authorization = filters.ChoiceFilter(choices=choices(AuthorizationStatus))
    open = YesNoFilter(field_name="ended_at", lookup_expr="isnull")
    token = WholeNumberFilter(field_name="token", help_text="The id of the token.")
    started_after = filters.IsoDateTimeFilter(field_name="started_at", lookup_expr="gte")
    started_before = filters.IsoDateTimeFilter(field_name="started_at", lookup_expr="lt")


class ChargingSessionViewSet(ReadableResource):
    """Charging sessions, whatever the OCPP version."""

    queryset = ChargingSession.objects.select_related("station", "evse")
    serializer_class = ChargingSessionSerializer
    filterset_class = ChargingSessionFilters
