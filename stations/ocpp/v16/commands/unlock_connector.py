"""UnlockConnector (OCPP 1.6 section 5.18)."""

from stations.domain.command_order import CommandAnswer, CommandNotPossible, CommandOrder
from stations.ocpp.frames import Payload
from stations.ocpp.v16.answers import read_status


def request(order: CommandOrder) -> tuple[str, Payload]:
    if order.address is None:
        raise CommandNotPossible("Only the connector of an EVSE can be unlocked.")
    return "UnlockConnector", {"connectorId": order.address.evse}


def outcome(answer: Payload) -> CommandAnswer:
    return read_status(answer)
