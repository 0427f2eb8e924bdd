"""The drivers' page as data, for maps and boards."""

from datetime import datetime
from typing import Any

import orjson
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import gettext
from django.views.decorators.http import require_safe

from roaming.domain.translation import driver_label
from roaming.selectors.evses import ShownEvse, by_location, listed, load_shown
from roaming.selectors.locations import listed_locations
from roaming.views.cached import kept_for_a_moment
from scheduling.domain.schedule import Period
from stations.models import Connector, Location


@require_safe
def locations(request: HttpRequest) -> HttpResponseBase:
    now = timezone.now()
    rows = list(listed_locations())
    evses = _evses(now)
    body = orjson.dumps(
        [_location(row, evses.get(row.pk, [])) for row in rows], option=orjson.OPT_UTC_Z
    )
    response = HttpResponse(body, content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    return kept_for_a_moment(request, response)


def _evses(now: datetime) -> dict[int | None, list[ShownEvse]]:
    return by_location(load_shown(Q(station__location__is_published=True) & listed(), now=now))


def _location(location: Location, evses: list[ShownEvse]) -> dict[str, Any]:
    return {
        "slug": location.slug,
        "name": location.name,
        "address": location.address,
        "city": location.city,
        "coordinates": _coordinates(location),
        "time_zone": str(location.time_zone),
        "evses": [_evse(shown) for shown in evses],
    }


def _coordinates(location: Location) -> dict[str, float] | None:
    if location.latitude is None or location.longitude is None:
        return None
    return {"latitude": float(location.latitude), "longitude": float(location.longitude)}


def _evse(shown: ShownEvse) -> dict[str, Any]:
    label = driver_label(shown.status)
    return {
        "evse_id": shown.evse.evse_id,
        "uid": str(shown.evse.uid),
        "status": shown.status,
        "label": gettext(label) if label else "",
        "message": shown.message,
        "since": shown.since,
        "windows": [_window(period, shown) for period in shown.periods],
        "connectors": [_connector(connector) for connector in shown.connectors],
        "price": None,
    }


def _window(period: Period, shown: ShownEvse) -> dict[str, Any]:
    return {
        "status": period.status,
        "starts_at": period.starts_at,
        "ends_at": period.ends_at,
        "message": shown.messages.get(period.window_id, ""),
    }


def _connector(connector: Connector) -> dict[str, Any]:
    return {
        "id": str(connector.pk),
        "standard": connector.standard,
        "format": connector.format,
        "power_type": connector.power_type,
        "max_power_w": connector.max_power_w,
    }
