"""Makes rows for tests, with only what the test does not care about filled in."""

import itertools
from datetime import datetime, timedelta
from typing import Any

from django.utils import timezone

from sessions.models import ChargingSession
from stations.domain.command import CommandKind, CommandSource
from stations.domain.ocpp_version import OcppVersion
from stations.domain.setup_state import SetupState
from stations.models import (
    Account,
    Command,
    Connector,
    ConnectorState,
    Evse,
    Location,
    Node,
    Operator,
    Station,
    StationConnection,
    User,
)

_numbers = itertools.count(1)
_LETTERS = "ABCDEFGHIJKLMNOPQRSTUVWXYZ"


def operator(**fields: Any) -> Operator:
    number = next(_numbers)
    party_id = "".join(_LETTERS[number // 26**place % 26] for place in (2, 1, 0))
    values = {"name": f"Operator {number}", "country_code": "NL", "party_id": party_id}
    return Operator.objects.create(**values | fields)


def location(**fields: Any) -> Location:
    number = next(_numbers)
    values = {"name": f"Location {number}", "slug": f"location-{number}"}
    if "operator" not in fields:
        fields["operator"] = operator()
    return Location.objects.create(**values | fields)


def station(**fields: Any) -> Station:
    if "operator" not in fields:
        fields["operator"] = operator()
    values = {"identity": f"CS{next(_numbers)}", "ocpp_version": OcppVersion.V16}
    return Station.objects.create(**values | fields)


def evse(station: Station, *, number: int = 1, connectors: int = 1, **fields: Any) -> Evse:
    made = Evse.objects.create(station=station, number=number, **fields)
    for connector_id in range(1, connectors + 1):
        Connector.objects.create(
            station=station, evse=made, ocpp_evse_id=number, ocpp_connector_id=connector_id
        )
    return made


def node(**fields: Any) -> Node:
    number, now = next(_numbers), timezone.now()
    values = {"number": number, "name": f"node {number}", "kind": "web"}
    return Node.objects.create(**values | {"started_at": now, "seen_at": now} | fields)


def connect(station: Station, node: Node | None = None, **fields: Any) -> StationConnection:
    values = {"token": "token", "version": station.ocpp_version, "connected_at": timezone.now()}
    return StationConnection.objects.create(station=station, node=node, **values | fields)


def reporting_evses(status: str, *, count: int = 1, **fields: Any) -> list[Evse]:
    """Return EVSEs of one connected station in service whose connectors all report `status`."""
    owner = station(**{"setup_state": SetupState.ACTIVE} | fields)
    connect(owner)
    evses = [evse(owner, number=number) for number in range(1, count + 1)]
    for each in evses:
        report(each, status)
    return evses


def report(evse: Evse, status: str) -> None:
    for connector in evse.connectors.all():
        ConnectorState.objects.update_or_create(connector=connector, defaults={"status": status})


def disconnect(station: Station, *, at: datetime) -> None:
    StationConnection.objects.filter(station=station).update(token="", disconnected_at=at)


def session(station: Station, **fields: Any) -> ChargingSession:
    values = {"start_key": str(next(_numbers)), "started_at": timezone.now()}
    now = timezone.now()
    values |= {"last_message_at": now, "received_at": now}
    return ChargingSession.objects.create(station=station, **values | fields)


def user(**fields: Any) -> User:
    return User.objects.create(**{"username": f"user{next(_numbers)}"} | fields)


def account(**fields: Any) -> Account:
    return Account.objects.create(**{"name": f"Account {next(_numbers)}"} | fields)


def command(station: Station, **fields: Any) -> Command:
    now = timezone.now()
    values = {"kind": CommandKind.CHANGE_AVAILABILITY, "source": CommandSource.ADMIN}
    values |= {"created_at": now, "expires_at": now + timedelta(minutes=1)}
    return Command.objects.create(station=station, **values | fields)
