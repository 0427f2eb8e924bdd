"""Reset of a station or of one EVSE (OCPP 2.0.1 B11, B12)."""

from stations.domain.command_order import CommandAnswer, CommandOrder
from stations.ocpp.frames import Payload
from stations.ocpp.v201.answers import read_status
from stations.ocpp.v201.translate import RESET_TYPE_WORDS


def request(order: CommandOrder) -> tuple[str, Payload]:
    payload: Payload = {"type": RESET_TYPE_WORDS[order.params["type"]]}
    if order.address:
        payload["evseId"] = order.address.evse
    return "Reset", payload


def outcome(answer: Payload) -> CommandAnswer:
    return read_status(answer)
