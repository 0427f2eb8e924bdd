"""`/partners/`: platforms that show our EVSEs; adding one shakes hands with it, or invites it."""

from typing import Any

from django_filters import rest_framework as filters
from drf_spectacular.utils import PolymorphicProxySerializer, extend_schema
from rest_framework import exceptions, mixins, serializers, status
from rest_framework.request import Request
from rest_framework.response import Response

from roaming.domain.words import PartnerState, Protocol
from roaming.models import Partner
from roaming.ocpi.addresses import versions_url
from roaming.ocpi.handshake import HandshakeError, dismiss, register_with
from roaming.services.registration import Invitation, invite_partner
from stations.api.fields import new_rows_operator_field
from stations.api.filters import WholeNumberFilter
from stations.api.serializers import KnownFields, RowSerializer
from stations.api.viewsets import ReadableResource
from stations.models.choices import choices


class HandshakeFailed(exceptions.APIException):
    """The other platform did not answer as OCPI wants it."""

    status_code = status.HTTP_502_BAD_GATEWAY


class PartnerSerializer(RowSerializer[Partner]):
    pushed = serializers.BooleanField(source="is_pushed", required=False)
    roles = serializers.ListField(child=serializers.JSONField(), read_only=True)
    endpoints = serializers.ListField(child=serializers.JSONField(), read_only=True)

    class Meta:
        model = Partner
        fields = [
            "id",
            "operator",
            "name",
            "protocol",
            "state",
            "version",
            "versions_url",
            "country_code",
            "party_id",
            "roles",
            "endpoints",
            "token_encoding",
            "pushed",
            "registered_at",
            "last_error",
            "last_contact_at",
            "created_at",
        ]
        read_only_fields = [
            "operator",
            "protocol",
            "state",
            "version",
            "versions_url",
            "country_code",
            "party_id",
            "registered_at",
            "last_error",
            "last_contact_at",
            "created_at",
        ]


class NewPartnerSerializer(KnownFields):
    name = serializers.CharField(max_length=100)
    operator = new_rows_operator_field()
    protocol = serializers.ChoiceField(choices=choices(Protocol), default=Protocol.OCPI)
    versions_url = serializers.URLField(
        required=False, max_length=200, help_text="Of the partner; without it you get ours."
    )
    token_a = serializers.CharField(
        required=False, max_length=64, help_text="The token that the partner gave you."
    )

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        if attrs["protocol"] != Protocol.OCPI:
            raise serializers.ValidationError({"protocol": "Only ocpi is supported yet."})
        if ("versions_url" in attrs) != ("token_a" in attrs):
            raise serializers.ValidationError(
                {"token_a": "Give versions_url and token_a of the partner, or neither."}
            )
        return attrs


class InvitationSerializer(serializers.Serializer[Invitation]):
    id = serializers.IntegerField(source="partner.pk")
    name = serializers.CharField(source="partner.name")
    state = serializers.ChoiceField(source="partner.state", choices=choices(PartnerState))
    versions_url = serializers.SerializerMethodField(help_text="Ours, for the partner.")
    token_a = serializers.CharField(source="token", help_text="For the partner; shown only now.")

    def get_versions_url(self, invitation: Invitation) -> str:
        return versions_url()


class PartnerFilters(filters.FilterSet):
    operator = WholeNumberFilter(field_name="operator")
    protocol = filters.ChoiceFilter(choices=choices(Protocol))
    state = filters.ChoiceFilter(choices=choices(PartnerState))


class PartnerViewSet(mixins.UpdateModelMixin, mixins.DestroyModelMixin, ReadableResource):
    """Roaming partners. DELETE ends the registration at both ends and forgets the partner."""

    queryset = Partner.objects.all()
    serializer_class = PartnerSerializer
    filterset_class = PartnerFilters

    @extend_schema(
        request=NewPartnerSerializer,
        responses={
            201: PolymorphicProxySerializer(
                component_name="NewPartner",
                serializers=[PartnerSerializer, InvitationSerializer],
                resource_type_field_name=None,
            )
        },
    )
    def create(self, request: Request, *args: Any, **kwargs: Any) -> Response:
        """Register with a partner at its versions URL; without one, invite a partner to ours."""
        wanted = NewPartnerSerializer(data=request.data, context=self.get_serializer_context())
        wanted.is_valid(raise_exception=True)
        values = wanted.validated_data
        if "versions_url" not in values:
            invitation = invite_partner(values["name"], values["operator"])
            return Response(InvitationSerializer(invitation).data, status.HTTP_201_CREATED)
        partner = _register(values)
        return Response(self.get_serializer(partner).data, status.HTTP_201_CREATED)

    def perform_destroy(self, instance: Partner) -> None:
        dismiss(instance)


def _register(values: dict[str, Any]) -> Partner:
    try:
        return register_with(
            values["name"], values["versions_url"], values["token_a"], values["operator"]
        )
    except HandshakeError as error:
        raise HandshakeFailed(
            f"{error} The partner {error.partner.pk} is kept as pending: send this again to retry."
        ) from error
