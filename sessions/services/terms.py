"""What was agreed about charging at a station."""

from django.db import transaction

from sessions.models import ChargingTerms
from stations.models import Station


@transaction.atomic
def set_terms(station: Station, **switches: bool) -> ChargingTerms:
    """Write the commercial switches of a station; the row is made when there is none."""
    terms = ChargingTerms.objects.filter(station=station).first() or ChargingTerms(station=station)
    for name, value in switches.items():
        setattr(terms, name, value)
    terms.save()
    return terms
