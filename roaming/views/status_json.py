"""The drivers' page as data, for maps and boards."""

from decimal import Decimal
from typing import Any

import orjson
from django.conf import settings
from django.http import HttpRequest
from django.http.response import HttpResponseBase
from django.utils import timezone
from django.utils.translation import get_language, gettext
from django.views.decorators.http import require_safe

from roaming.domain.translation import driver_label
from roaming.selectors.board import Board, BoardEvse, ConnectorRow, LocationRow, load_board
from roaming.views.cached import SharedBody
from scheduling.domain.schedule import Period
from scheduling.domain.statuses import PublicStatus
from stations.domain.connector_type import PowerType, max_power_w

Json = dict[str, Any]


@require_safe
def locations(request: HttpRequest) -> HttpResponseBase:
    body = _bodies[get_language() or settings.LANGUAGE_CODE]
    response = body.answer(request, content_type="application/json")
    response["Access-Control-Allow-Origin"] = "*"
    return response


def _build() -> bytes:
    board = load_board(timezone.now())
    words = _Words(board)
    return orjson.dumps([words.location(row) for row in board.locations], option=orjson.OPT_UTC_Z)


# The labels are in the language of the asker, one body for each.
_bodies = {language: SharedBody(_build) for language, _ in settings.LANGUAGES}


class _Words:
    """Puts a board into words; what many EVSEs share is put so once."""

    def __init__(self, board: Board) -> None:
        self._board = board
        self._labels = {status: _label(status) for status in PublicStatus}
        self._windows: dict[int, list[Json]] = {}

    def location(self, row: LocationRow) -> Json:
        pk, slug, name, address, city, latitude, longitude, time_zone = row
        return {
            "slug": slug,
            "name": name,
            "address": address,
            "city": city,
            "coordinates": _coordinates(latitude, longitude),
            "time_zone": str(time_zone),
            "evses": [self._evse(evse) for evse in self._board.evses[pk]],
        }

    def _evse(self, evse: BoardEvse) -> Json:
        return {
            "evse_id": evse.evse_id,
            "uid": evse.uid,
            "status": evse.status,
            "label": self._labels[evse.status],
            "message": evse.message,
            "since": evse.since,
            "windows": self._windows_of(evse),
            "connectors": [_connector(connector) for connector in evse.connectors],
            "price": None,
        }

    def _windows_of(self, evse: BoardEvse) -> list[Json]:
        key = id(evse.periods)  # the board keeps them all, so that no id is given twice
        if key not in self._windows:
            self._windows[key] = [self._window(period) for period in evse.periods]
        return self._windows[key]

    def _window(self, period: Period) -> Json:
        return {
            "status": period.status,
            "starts_at": period.starts_at,
            "ends_at": period.ends_at,
            "message": self._board.messages.get(period.window_id, ""),
        }


def _label(status: PublicStatus) -> str:
    label = driver_label(status)
    return gettext(label) if label else ""


def _coordinates(latitude: Decimal | None, longitude: Decimal | None) -> dict[str, float] | None:
    if latitude is None or longitude is None:
        return None
    return {"latitude": float(latitude), "longitude": float(longitude)}


def _connector(row: ConnectorRow) -> Json:
    pk, standard, form, power_type, max_voltage_v, max_current_a = row
    power_w = max_power_w(
        PowerType(power_type), max_voltage_v=max_voltage_v, max_current_a=max_current_a
    )
    return {
        "id": str(pk),
        "standard": standard,
        "format": form,
        "power_type": power_type,
        "max_power_w": power_w,
    }
