"""One row of every resource, all of one operator, and where the API shows it."""

from dataclasses import dataclass
from typing import Any

from stations.models import Operator, Station
from tests import api_rows, factories

COMMANDS_OF_A_STATION = "stations/{identity}/commands"


@dataclass(frozen=True)
class World:
    operator: Operator
    station: Station
    details: dict[str, str]

    def listed_at(self, prefix: str) -> str:
        is_nested = prefix.endswith("/commands")
        return f"stations/{self.station.identity}/commands/" if is_nested else f"{prefix}/"


def make_world(operator: Operator | None = None) -> World:
    operator = operator or factories.operator()
    location = factories.location(operator=operator)
    station = factories.station(operator=operator, location=location)
    evse = factories.evse(station, evse_id="NL*TST*E1", evse_id_key=f"NLTSTE{station.pk}")
    partner = api_rows.partner(operator)
    rows: dict[str, Any] = {
        "accounts": factories.account(operator=operator).pk,
        "commands": api_rows.command(station).pk,
        "connectors": evse.connectors.get().pk,
        "deliveries": api_rows.delivery(partner, evse).pk,
        "evses": evse.uid,
        "locations": location.pk,
        "messages": api_rows.message(station).pk,
        "meter-values": api_rows.meter_value(station).pk,
        "operators": operator.pk,
        "partners": partner.pk,
        "sessions": factories.session(station, evse=evse).pk,
        "stations": station.identity,
        "status-ledger": api_rows.ledger_entry(evse).pk,
        "status-windows": api_rows.window(station, "MAINTENANCE").pk,
        "temporary-evse-statuses": api_rows.window(evse, "RESERVED").pk,
        "tokens": api_rows.token(operator).pk,
    }
    details = {prefix: f"{prefix}/{key}/" for prefix, key in rows.items()}
    return World(operator, station, details)
