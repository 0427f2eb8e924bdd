"""`/stations/` with what was agreed about charging there."""

from typing import Any

from django.db import transaction

from sessions.services.terms import set_terms
from stations.api.fields import SwitchOfRow
from stations.api.stations import StationSerializer, StationViewSet
from stations.models import Station


class StationWithTermsSerializer(StationSerializer):
    roaming_allowed = SwitchOfRow(source="charging.is_roaming_allowed", default=True)
    free_for_all = SwitchOfRow(source="charging.is_free_for_all", default=False)

    class Meta(StationSerializer.Meta):
        fields = [*StationSerializer.Meta.fields, "roaming_allowed", "free_for_all"]

    @transaction.atomic
    def create(self, validated_data: dict[str, Any]) -> Station:
        terms = validated_data.pop("charging", {})
        station = super().create(validated_data)
        station.charging = set_terms(station, **terms)
        return station

    @transaction.atomic
    def update(self, instance: Station, validated_data: dict[str, Any]) -> Station:
        terms = validated_data.pop("charging", None)
        station = super().update(instance, validated_data)
        if terms:
            station.charging = set_terms(station, **terms)
        return station


class StationWithTermsViewSet(StationViewSet):
    queryset = StationViewSet.queryset.select_related("charging")
    serializer_class = StationWithTermsSerializer
    __doc__ = StationViewSet.__doc__
