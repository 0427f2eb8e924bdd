"""OCPI 2.2.1 locations, as sender: partners pull what they may see."""

from collections.abc import Callable, Sequence
from datetime import datetime
from typing import Any, TypeVar
from uuid import UUID

from django.db.models import Q
from django.http import HttpRequest
from django.utils import timezone

from roaming.models import Partner
from roaming.ocpi.addresses import public_url
from roaming.ocpi.authentication import Caller
from roaming.ocpi.envelope import Answer, Refusal, StatusCode
from roaming.ocpi.pagination import page_headers, requested_page
from roaming.ocpi.v221.locations import connector_json, evse_json, location_json
from roaming.selectors.evses import ShownEvse, by_location, load_shown, shared
from roaming.selectors.locations import changed_between, shared_locations
from roaming.views.ocpi_door import ocpi_door
from stations.models import Location

Row = TypeVar("Row")


@ocpi_door("GET", is_functional=True)
def locations(request: HttpRequest, caller: Caller) -> Answer:
    page = requested_page(request.GET.dict())
    found = changed_between(
        shared_locations(caller.partner.operator), date_from=page.date_from, date_to=page.date_to
    )
    total = found.count()
    rows = list(found[page.offset : page.end])
    evses = by_location(_evses_of(rows, now=timezone.now()))
    data = [
        location_json(row, evses.get(row.pk, []), last_updated=row.last_updated) for row in rows
    ]
    url = public_url("ocpi-2.2.1-locations")
    return Answer(data, headers=page_headers(page, total=total, url=url))


@ocpi_door("GET", is_functional=True)
def location(request: HttpRequest, caller: Caller, location_id: str) -> Answer:
    found, evses = _location(caller.partner, location_id)
    return Answer(location_json(found, evses, last_updated=found.last_updated))


@ocpi_door("GET", is_functional=True)
def evse(request: HttpRequest, caller: Caller, location_id: str, evse_uid: str) -> Answer:
    return Answer(evse_json(_evse(caller.partner, location_id, evse_uid)))


@ocpi_door("GET", is_functional=True)
def connector(
    request: HttpRequest, caller: Caller, location_id: str, evse_uid: str, connector_id: str
) -> Answer:
    connectors = _evse(caller.partner, location_id, evse_uid).connectors
    found = _only(connectors, lambda row: str(row.pk) == connector_id, "connector")
    return Answer(connector_json(found))


def _location(partner: Partner, location_id: str) -> tuple[Any, list[ShownEvse]]:
    is_number = location_id.isascii() and location_id.isdigit() and len(location_id) < 19
    rows = shared_locations(partner.operator).filter(pk=location_id) if is_number else []
    found = _only(list(rows), lambda row: str(row.pk) == location_id, "location")
    return found, _evses_of([found], now=timezone.now())


def _evse(partner: Partner, location_id: str, evse_uid: str) -> ShownEvse:
    _, evses = _location(partner, location_id)
    try:
        uid = UUID(evse_uid)
    except ValueError:
        uid = None
    return _only(evses, lambda shown: shown.evse.uid == uid, "EVSE")


def _evses_of(rows: Sequence[Location], *, now: datetime) -> list[ShownEvse]:
    condition = Q(station__location__in=[row.pk for row in rows]) & shared()
    return load_shown(condition, now=now)


def _only(rows: Sequence[Row], is_meant: Callable[[Row], bool], what: str) -> Row:
    for row in rows:
        if is_meant(row):
            return row
    raise Refusal(StatusCode.UNKNOWN_LOCATION, f"There is no such {what}.", http_status=404)
