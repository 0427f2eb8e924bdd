"""Locations, EVSEs and connectors in the words of OCPI 2.2.1 (Locations module)."""

from collections.abc import Sequence
from datetime import datetime
from decimal import Decimal
from typing import Any

from roaming.domain.translation import ocpi_status
from roaming.ocpi.datetimes import written
from roaming.selectors.evses import ShownEvse
from scheduling.domain.schedule import Period
from scheduling.domain.statuses import PublicStatus
from stations.models import Connector, Location, Operator

Json = dict[str, Any]

# The longest texts that OCPI 2.2.1 allows, in characters.
_TEXT = 255
_CITY = 45
_NAME_OF_BUSINESS = 100
_POSTAL_CODE = 10
_EVSE_ID = 48
_PHYSICAL_REFERENCE = 16


def location_json(
    location: Location, evses: Sequence[ShownEvse], *, last_updated: datetime
) -> Json:
    """Return a Location; its coordinates must be known."""
    operator = location.operator
    return _without_blanks(
        {
            "country_code": operator.country_code,
            "party_id": operator.party_id,
            "id": str(location.pk),
            "publish": location.is_published,
            "name": location.name[:_TEXT],
            "address": (location.address or location.name)[:_TEXT],
            "city": (location.city or location.name)[:_CITY],
            "postal_code": location.postal_code[:_POSTAL_CODE],
            "state": location.state[:_CITY],
            "country": location.country,
            "coordinates": coordinates_json(location.latitude, location.longitude),
            "parking_type": location.parking_type,
            "operator": business_details(operator),
            "evses": [evse_json(evse) for evse in evses],
            "time_zone": str(location.time_zone),
            "last_updated": written(max([last_updated, *(e.changed_at for e in evses)])),
        }
    )


def evse_json(shown: ShownEvse) -> Json:
    """Return an EVSE with its connectors and the windows that are not over."""
    evse = shown.evse
    return _without_blanks(
        {
            "uid": str(evse.uid),
            "evse_id": evse.evse_id[:_EVSE_ID],
            "status": ocpi_status(shown.status),
            "status_schedule": schedule_json(shown.periods),
            "connectors": [connector_json(connector) for connector in shown.connectors],
            "physical_reference": evse.physical_reference[:_PHYSICAL_REFERENCE],
            "last_updated": written(shown.changed_at),
        }
    )


def evse_change_json(shown: ShownEvse) -> Json:
    """Return what a partner is told when the status or the schedule of an EVSE has changed.

    An empty schedule is said, or the partner would keep the windows of before. The time is the
    one that a pull shows, so that neither seems older than the other.
    """
    return {
        "status": ocpi_status(shown.status),
        "status_schedule": schedule_json(shown.periods),
        "last_updated": written(shown.changed_at),
    }


def removed_evse_json(at: datetime) -> Json:
    """Return what a partner is told of an EVSE that it shall not show any more."""
    return {
        "status": ocpi_status(PublicStatus.REMOVED),
        "status_schedule": [],
        "last_updated": written(at),
    }


def connector_json(connector: Connector) -> Json:
    """Return a Connector; its id stays when two EVSEs are merged."""
    return {
        "id": str(connector.pk),
        "standard": connector.standard,
        "format": connector.format,
        "power_type": connector.power_type,
        "max_voltage": connector.max_voltage_v,
        "max_amperage": connector.max_current_a,
        "last_updated": written(connector.updated_at),
    }


def schedule_json(periods: Sequence[Period]) -> list[Json]:
    """Return StatusSchedule entries; an open end is left out."""
    return [_period_json(period) for period in periods]


def _period_json(period: Period) -> Json:
    entry: Json = {"period_begin": written(period.starts_at), "status": ocpi_status(period.status)}
    if period.ends_at is not None:
        entry["period_end"] = written(period.ends_at)
    return entry


def business_details(operator: Operator) -> Json:
    """Return who runs the stations."""
    return _without_blanks({"name": operator.name[:_NAME_OF_BUSINESS], "website": operator.website})


def coordinates_json(latitude: Decimal | None, longitude: Decimal | None) -> Json:
    """Return a GeoLocation: texts with six decimals, where OCPI wants five to seven."""
    if latitude is None or longitude is None:
        raise ValueError("location has no coordinates, OCPI needs them")
    return {"latitude": f"{latitude:.6f}", "longitude": f"{longitude:.6f}"}


def _without_blanks(members: Json) -> Json:
    return {name: value for name, value in members.items() if value not in ("", [])}
