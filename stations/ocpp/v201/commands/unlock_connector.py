"""UnlockConnector (OCPP 2.0.1 F05)."""

from stations.domain.command_order import CommandAnswer, CommandNotPossible, CommandOrder
from stations.ocpp.frames import Payload
from stations.ocpp.v201.answers import read_status


def request(order: CommandOrder) -> tuple[str, Payload]:
    if order.address is None:
        raise CommandNotPossible("Only the connector of an EVSE can be unlocked.")
    evse_id, connector_id = order.address
    return "UnlockConnector", {"evseId": evse_id, "connectorId": connector_id}


def outcome(answer: Payload) -> CommandAnswer:
    return read_status(answer)
