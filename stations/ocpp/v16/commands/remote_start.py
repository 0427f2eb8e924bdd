"""RemoteStartTransaction (OCPP 1.6 section 5.11)."""

from stations.domain.command_order import CommandAnswer, CommandOrder
from stations.ocpp.frames import Payload
from stations.ocpp.v16.answers import read_status


def request(order: CommandOrder) -> tuple[str, Payload]:
    payload: Payload = {"idTag": order.params["token"]}
    if order.address:
        payload["connectorId"] = order.address.evse
    return "RemoteStartTransaction", payload


def outcome(answer: Payload) -> CommandAnswer:
    return read_status(answer)
