"""`/operators/`: the charge point operators."""

from typing import Any

from django.core.validators import RegexValidator
from rest_framework import serializers
from rest_framework.exceptions import PermissionDenied

from stations.api.fields import TimeZoneField
from stations.api.serializers import RowSerializer
from stations.api.viewsets import ChangeableResource
from stations.models import Operator


class OperatorSerializer(RowSerializer[Operator]):
    country_code = serializers.CharField(
        validators=[RegexValidator(r"\A[A-Z]{2}\Z", "Enter two capital letters (ISO 3166).")]
    )
    party_id = serializers.CharField(
        validators=[RegexValidator(r"\A[A-Z0-9]{3}\Z", "Enter three capital letters or digits.")]
    )
    time_zone = TimeZoneField(required=False)

    class Meta:
        model = Operator
        fields = [
            "id",
            "country_code",
            "party_id",
            "name",
            "website",
            "time_zone",
            "unknown_stations",
            "out_of_order_makes_unavailable",
            "is_default",
        ]
        read_only_fields = ["is_default"]


class OperatorViewSet(ChangeableResource):
    """The charge point operators that the caller works for."""

    queryset = Operator.objects.all()
    serializer_class = OperatorSerializer

    def perform_create(self, serializer: serializers.BaseSerializer[Any]) -> None:
        if not (self.caller.sees_all_operators or self.caller.is_superuser):
            raise PermissionDenied("Only who sees all operators may add one.")
        super().perform_create(serializer)
