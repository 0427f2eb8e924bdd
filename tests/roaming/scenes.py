"""Locations, partners and deliveries as roaming finds them."""

from datetime import UTC, datetime, timedelta
from typing import Any

from roaming.domain.words import PartnerState
from roaming.models import Delivery, Partner
from roaming.services.tokens import digest
from scheduling.domain.statuses import Cause, PublicStatus, WindowSource
from scheduling.models import PublishedStatus, StatusWindow, WindowOccurrence
from stations.domain.identity import evse_id_key
from stations.domain.setup_state import SetupState
from stations.models import Connector, Evse, Location, Operator, Station
from stations.services.secrets import seal
from tests import factories
from tests.roaming.ocpi_partner import OcpiPartner

NOW = datetime(2026, 3, 10, 12, 0, tzinfo=UTC)
TOKEN = "token-c-for-the-partner"
PLACE = {"city": "Utrecht", "address": "Stationsplein 1", "latitude": "52.09", "longitude": "5.11"}


def place(**fields: Any) -> Location:
    return factories.location(**PLACE | fields)


def point(location: Location, *, evse_id: str = "", **fields: Any) -> Evse:
    """Return an EVSE with one connector, of a station of its own that is in service."""
    values = {"setup_state": SetupState.ACTIVE, "operator": location.operator}
    station = factories.station(location=location, **values | fields)
    key = evse_id_key(evse_id) if evse_id else None
    return factories.evse(station, evse_id=evse_id, evse_id_key=key)


def publish(evse: Evse, status: PublicStatus, *, at: datetime = NOW, **fields: Any) -> None:
    values = {"status": status, "published_at": at, "cause": Cause.REPORTED}
    values |= {"is_announced": False}
    PublishedStatus.objects.update_or_create(evse=evse, defaults=values | fields)


def window(
    status: PublicStatus, *, begin: datetime = NOW, hours: Any = 1, **fields: Any
) -> StatusWindow:
    """Return a window with its one occurrence; give `location`, `station` or `evse`."""
    message = fields.pop("message", "")
    (target,) = fields.values()
    owner = target.station.operator if isinstance(target, Evse) else target.operator
    ends_at = None if hours is None else begin + timedelta(hours=hours)
    common = {"status": status, "starts_at": begin, "ends_at": ends_at, "created_at": NOW}
    made = StatusWindow.objects.create(
        operator=owner, source=WindowSource.STAFF, message=message, **common | fields
    )
    WindowOccurrence.objects.create(window=made, **common | fields)
    return made


def age(at: datetime) -> None:
    """Make all that is there unchanged since `at`."""
    for model in (Location, Station, Evse, Connector):
        model.objects.update(updated_at=at)


def registered(operator: Operator, peer: OcpiPartner | None = None, **fields: Any) -> Partner:
    """Return a partner that has registered and shows its tokens as TOKEN and `peer.token_a`."""
    values: dict[str, Any] = {
        "name": "Partner mobility",
        "operator": operator,
        "state": PartnerState.REGISTERED,
        "version": "2.2.1",
        "country_code": "DE",
        "party_id": "EMP",
        "inbound_digest": digest(TOKEN),
    }
    if peer is not None:
        values |= {"endpoints": peer.endpoints, "outbound_secret": seal(peer.token_a)}
    return Partner.objects.create(**values | fields)


def deliveries() -> list[tuple[str, str]]:
    """Return status and state of all deliveries, oldest first."""
    return list(Delivery.objects.order_by("pk").values_list("status", "state"))
