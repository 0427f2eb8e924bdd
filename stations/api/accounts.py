"""`/accounts/`: the customers of operators, and field service companies."""

from typing import Any

from django_filters import rest_framework as filters
from rest_framework import serializers

from stations.api.fields import TimeZoneField, new_rows_operator_field
from stations.api.filters import WholeNumberFilter, YesNoFilter
from stations.api.serializers import RowSerializer
from stations.api.viewsets import DeletableResource
from stations.models import Account
from stations.services.ownership import ownership_errors


class AccountSerializer(RowSerializer[Account]):
    operator = new_rows_operator_field()
    field_service = serializers.BooleanField(source="is_field_service", required=False)
    time_zone = TimeZoneField(required=False)

    class Meta:
        model = Account
        fields = ["id", "operator", "name", "field_service", "email", "time_zone"]

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        operator = attrs.get("operator", getattr(self.instance, "operator", None))
        errors = ownership_errors(self.instance, operator=operator, account=None)
        if errors:
            raise serializers.ValidationError(errors)
        return attrs


class AccountFilters(filters.FilterSet):
    operator = WholeNumberFilter(field_name="operator")
    name = filters.CharFilter()
    field_service = YesNoFilter(field_name="is_field_service")


class AccountViewSet(DeletableResource):
    """The owners of stations, and the companies that service them."""

    queryset = Account.objects.all()
    serializer_class = AccountSerializer
    filterset_class = AccountFilters
