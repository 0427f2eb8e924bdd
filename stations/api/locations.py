"""`/locations/`: where stations stand."""

from typing import Any

from django.core.validators import RegexValidator
from django_filters import rest_framework as filters
from rest_framework import serializers

from stations.api.fields import TimeZoneField, account_field, new_rows_operator_field
from stations.api.filters import WholeNumberFilter, YesNoFilter
from stations.api.serializers import RowSerializer
from stations.api.viewsets import DeletableResource
from stations.models import Location
from stations.services.locations import free_slug
from stations.services.ownership import ownership_errors


class LocationSerializer(RowSerializer[Location]):
    operator = new_rows_operator_field()
    account = account_field()
    country = serializers.CharField(
        required=False,
        validators=[RegexValidator(r"\A[A-Z]{3}\Z", "Enter three capital letters (ISO 3166).")],
    )
    latitude = serializers.DecimalField(
        max_digits=9, decimal_places=6, min_value=-90, max_value=90, required=False, allow_null=True
    )
    longitude = serializers.DecimalField(
        max_digits=9,
        decimal_places=6,
        min_value=-180,
        max_value=180,
        required=False,
        allow_null=True,
    )
    time_zone = TimeZoneField(required=False)
    published = serializers.BooleanField(source="is_published", required=False)

    class Meta:
        model = Location
        fields = [
            "id",
            "operator",
            "account",
            "name",
            "slug",
            "address",
            "postal_code",
            "city",
            "state",
            "country",
            "latitude",
            "longitude",
            "time_zone",
            "parking_type",
            "published",
            "created_at",
            "updated_at",
        ]
        extra_kwargs = {"slug": {"required": False}}

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        errors = {}
        if (self._new("latitude", attrs) is None) != (self._new("longitude", attrs) is None):
            errors["latitude"] = "Give latitude and longitude, or neither."
        account, operator = self._new("account", attrs), self._new("operator", attrs)
        errors |= ownership_errors(self.instance, operator=operator, account=account)
        if errors:
            raise serializers.ValidationError(errors)
        return attrs

    def create(self, validated_data: dict[str, Any]) -> Location:
        validated_data.setdefault("slug", free_slug(validated_data["name"]))
        return super().create(validated_data)

    def _new(self, name: str, attrs: dict[str, Any]) -> Any:
        return attrs[name] if name in attrs else getattr(self.instance, name, None)


class LocationFilters(filters.FilterSet):
    operator = WholeNumberFilter(field_name="operator")
    account = WholeNumberFilter(field_name="account")
    slug = filters.CharFilter()
    name = filters.CharFilter()
    city = filters.CharFilter(lookup_expr="iexact")
    published = YesNoFilter(field_name="is_published")


class LocationViewSet(DeletableResource):
    """Places with stations, as drivers and roaming partners see them."""

    queryset = Location.objects.all()
    serializer_class = LocationSerializer
    filterset_class = LocationFilters
