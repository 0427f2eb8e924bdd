"""Sample data for the demo; made where it is missing, so that it may run again and again."""

from datetime import datetime

from django.db import transaction
from simple_history.utils import bulk_create_with_history

from config.demo.history import ensure_past_sessions
from config.demo.places import (
    EVSES_PER_STATION,
    PLACES,
    PLANS,
    STATIONS,
    TOKENS,
    Plan,
    identity,
)
from scheduling.models import StatusWindow
from scheduling.selectors.targets import Target
from scheduling.services.windows import set_window
from sessions.domain.authorization import token_key
from sessions.models import ChargingTerms, Token
from stations.domain.identity import evse_id_key
from stations.domain.setup_state import SetupState
from stations.models import Connector, Evse, Location, Operator, Station
from stations.services.provisioning import add_stations
from stations.signals import stations_changed


@transaction.atomic
def ensure_sample_data(now: datetime) -> None:
    """Make places, stations, cards, past sessions and windows of the default operator."""
    operator = Operator.objects.get(is_default=True)
    ensure_locations(operator)
    ensure_stations(operator)
    ensure_tokens(operator)
    ensure_past_sessions(now)
    for plan in PLANS:
        ensure_window(plan, now)


def ensure_locations(operator: Operator) -> None:
    """Make the places, published."""
    known = set(Location.objects.values_list("slug", flat=True))
    missing = [place for place in PLACES if place.slug not in known]
    account = operator.accounts.first()
    locations = [
        Location(
            operator=operator,
            account=account,
            slug=place.slug,
            name=place.name,
            address=place.address,
            postal_code=place.postal_code,
            city=place.city,
            latitude=place.latitude,
            longitude=place.longitude,
            parking_type=place.parking_type,
        )
        for place in missing
    ]
    bulk_create_with_history(locations, Location)


def ensure_stations(operator: Operator) -> None:
    """Make the stations, ready for drivers, with their EVSEs, in turn at the places."""
    names = [identity(number) for number in range(1, STATIONS + 1)]
    known = set(Station.objects.filter(identity__in=names).values_list("identity", flat=True))
    rows = [
        {
            "identity": name,
            "operator": operator.party,
            "location": PLACES[index % len(PLACES)].slug,
            "setup_state": SetupState.ACTIVE.value,
        }
        for index, name in enumerate(names)
        if name not in known
    ]
    if not rows:
        return
    add_stations(enumerate(rows, start=1))
    made = list(Station.objects.filter(identity__in=[row["identity"] for row in rows]))
    _add_equipment(made, operator)
    ChargingTerms.objects.bulk_create([ChargingTerms(station=station) for station in made])
    ids = [station.pk for station in made]
    Station.objects.filter(pk__in=ids).update(account=operator.accounts.first())
    stations_changed.send(sender=Station, station_ids=ids)


def _add_equipment(stations: list[Station], operator: Operator) -> None:
    numbers = range(1, EVSES_PER_STATION + 1)
    evses = [_evse(station, number, operator) for station in stations for number in numbers]
    made = bulk_create_with_history(evses, Evse)
    connectors = [
        Connector(station=evse.station, evse=evse, ocpp_evse_id=evse.number, max_current_a=32)
        for evse in made
    ]
    bulk_create_with_history(connectors, Connector)


def _evse(station: Station, number: int, operator: Operator) -> Evse:
    party = f"{operator.country_code}*{operator.party_id}"
    evse_id = f"{party}*E{station.identity.split('-')[1]}*{number}"
    return Evse(
        station=station,
        number=number,
        evse_id=evse_id,
        evse_id_key=evse_id_key(evse_id),
        physical_reference=str(number),
    )


def ensure_tokens(operator: Operator) -> None:
    """Make the cards that the fleet charges with."""
    known = set(Token.objects.filter(uid__in=TOKENS).values_list("uid", flat=True))
    missing = [uid for uid in TOKENS if uid not in known]
    tokens = [Token(operator=operator, uid=uid, key=token_key(uid)) for uid in missing]
    bulk_create_with_history(tokens, Token)


def ensure_window(plan: Plan, now: datetime) -> None:
    """Set a window unless one of the same reference is in force or to come."""
    alive = StatusWindow.objects.filter(external_reference=plan.reference).exclude(ends_at__lte=now)
    if alive.exists():
        return
    starts_at = now + plan.starts_in
    set_window(
        target=_target(plan),
        source=plan.source,
        now=now,
        status=plan.status,
        starts_at=starts_at,
        ends_at=starts_at + plan.lasts,
        message=plan.message,
        takes_out_of_service=plan.takes_out_of_service,
        external_reference=plan.reference,
    )


def _target(plan: Plan) -> Target:
    if plan.place:
        return Location.objects.get(slug=plan.place)
    station = Station.objects.get(identity=identity(plan.station))
    return station.evses.get(number=plan.evse) if plan.evse else station
