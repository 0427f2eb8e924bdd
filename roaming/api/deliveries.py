"""`/deliveries/`: what partners were told, and whether they acknowledged it."""

from django_filters import rest_framework as filters

from roaming.domain.words import DeliveryState
from roaming.models import Delivery
from stations.api.fields import EvseIdField
from stations.api.filters import EvseFilter, WholeNumberFilter
from stations.api.serializers import RowSerializer
from stations.api.viewsets import ReadableResource
from stations.models.choices import choices


class DeliverySerializer(RowSerializer[Delivery]):
    evse = EvseIdField(read_only=True)

    class Meta:
        model = Delivery
        fields = [
            "id",
            "partner",
            "evse",
            "status",
            "state",
            "attempts",
            "created_at",
            "published_at",
            "due_at",
            "sent_at",
            "settled_at",
            "http_status",
            "ocpi_status",
            "error",
        ]
        read_only_fields = fields


class DeliveryFilters(filters.FilterSet):
    partner = WholeNumberFilter(field_name="partner")
    evse = EvseFilter(field_name="evse")
    state = filters.ChoiceFilter(choices=choices(DeliveryState))
    created_after = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="gte")
    created_before = filters.IsoDateTimeFilter(field_name="created_at", lookup_expr="lt")


class DeliveryViewSet(ReadableResource):
    """The outbox: one status of one EVSE that one partner must be told."""

    queryset = Delivery.objects.select_related("evse")
    serializer_class = DeliverySerializer
    filterset_class = DeliveryFilters
