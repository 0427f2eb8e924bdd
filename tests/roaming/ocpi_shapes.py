"""What OCPI 2.2.1 objects must look like, written apart from the code that makes them."""

import re
from collections.abc import Callable
from typing import Any

DATE = re.compile(r"\d{4}-\d{2}-\d{2}T\d{2}:\d{2}:\d{2}(\.\d+)?Z")
LATITUDE = re.compile(r"-?[0-9]{1,2}\.[0-9]{5,7}")
LONGITUDE = re.compile(r"-?[0-9]{1,3}\.[0-9]{5,7}")
STATUSES = {
    "AVAILABLE",
    "BLOCKED",
    "CHARGING",
    "INOPERATIVE",
    "OUTOFORDER",
    "PLANNED",
    "REMOVED",
    "RESERVED",
    "UNKNOWN",
}
POWER_TYPES = {"AC_1_PHASE", "AC_2_PHASE", "AC_2_PHASE_SPLIT", "AC_3_PHASE", "DC"}

Check = Callable[[Any], bool]


def text(longest: int, shortest: int = 1) -> Check:
    return lambda value: isinstance(value, str) and shortest <= len(value) <= longest


def pattern(expression: re.Pattern[str], longest: int) -> Check:
    return lambda value: text(longest)(value) and bool(expression.fullmatch(value))


def one_of(words: set[str]) -> Check:
    return lambda value: value in words


def is_whole(value: Any) -> bool:
    return type(value) is int


date = pattern(DATE, 25)
is_list: Check = lambda value: isinstance(value, list)  # noqa: E731
is_object: Check = lambda value: isinstance(value, dict)  # noqa: E731

# member -> (must it be there, what it must be)
Shape = dict[str, tuple[bool, Check]]

LOCATION: Shape = {
    "country_code": (True, text(2, 2)),
    "party_id": (True, text(3, 3)),
    "id": (True, text(36)),
    "publish": (True, lambda value: value is True),
    "name": (False, text(255)),
    "address": (True, text(255)),
    "city": (True, text(45)),
    "postal_code": (False, text(10)),
    "state": (False, text(20)),
    "country": (True, text(3, 3)),
    "coordinates": (True, is_object),
    "parking_type": (False, text(30)),
    "operator": (False, is_object),
    "evses": (False, is_list),
    "time_zone": (True, text(255)),
    "last_updated": (True, date),
}
COORDINATES: Shape = {
    "latitude": (True, pattern(LATITUDE, 10)),
    "longitude": (True, pattern(LONGITUDE, 11)),
}
EVSE: Shape = {
    "uid": (True, text(36)),
    "evse_id": (False, text(48)),
    "status": (True, one_of(STATUSES)),
    "status_schedule": (False, is_list),
    "connectors": (True, lambda value: isinstance(value, list) and bool(value)),
    "physical_reference": (False, text(16)),
    "last_updated": (True, date),
}
EVSE_CHANGE: Shape = {
    "status": (True, one_of(STATUSES)),
    "status_schedule": (True, is_list),
    "last_updated": (True, date),
}
PERIOD: Shape = {
    "period_begin": (True, date),
    "period_end": (False, date),
    "status": (True, one_of(STATUSES)),
}
CONNECTOR: Shape = {
    "id": (True, text(36)),
    "standard": (True, text(30)),
    "format": (True, one_of({"SOCKET", "CABLE"})),
    "power_type": (True, one_of(POWER_TYPES)),
    "max_voltage": (True, is_whole),
    "max_amperage": (True, is_whole),
    "last_updated": (True, date),
}
CREDENTIALS: Shape = {
    "token": (True, pattern(re.compile(r"[!-~]+"), 64)),
    "url": (True, text(255)),
    "roles": (True, lambda value: isinstance(value, list) and bool(value)),
}
ROLE: Shape = {
    "role": (True, one_of({"CPO"})),
    "business_details": (True, is_object),
    "party_id": (True, text(3, 3)),
    "country_code": (True, text(2, 2)),
}


def problems(value: Any, shape: Shape, where: str) -> list[str]:
    """Return what is wrong with the members of an object: missing, malformed or unknown ones."""
    if not isinstance(value, dict):
        return [f"{where} is no object"]
    missing = [name for name, (is_needed, _) in shape.items() if is_needed and name not in value]
    found = [f"{where}.{name} is missing" for name in missing]
    for name, member in value.items():
        if name not in shape:
            found.append(f"{where}.{name} is unknown")
        elif not shape[name][1](member):
            found.append(f"{where}.{name} is malformed: {member!r}")
    return found


def location_problems(value: Any) -> list[str]:
    found = problems(value, LOCATION, "location")
    found += problems(value.get("coordinates"), COORDINATES, "coordinates")
    for evse in value.get("evses", []):
        found += evse_problems(evse)
    return found


def evse_problems(value: Any) -> list[str]:
    found = problems(value, EVSE, "evse") + schedule_problems(value)
    for connector in value.get("connectors", []):
        found += problems(connector, CONNECTOR, "connector")
    return found


def change_problems(value: Any) -> list[str]:
    return problems(value, EVSE_CHANGE, "change") + schedule_problems(value)


def schedule_problems(value: Any) -> list[str]:
    return [
        problem
        for period in value.get("status_schedule", [])
        for problem in problems(period, PERIOD, "period")
    ]


def credentials_problems(value: Any) -> list[str]:
    found = problems(value, CREDENTIALS, "credentials")
    for role in value.get("roles", []):
        found += problems(role, ROLE, "role")
    return found
