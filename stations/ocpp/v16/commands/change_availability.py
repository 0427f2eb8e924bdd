"""ChangeAvailability (OCPP 1.6 section 5.2); connector 0 is the whole station."""

from stations.domain.command_order import CommandAnswer, CommandOrder
from stations.ocpp.frames import Payload
from stations.ocpp.v16.answers import read_status
from stations.ocpp.v16.translate import AVAILABILITY_WORDS

WHOLE_STATION = 0


def request(order: CommandOrder) -> tuple[str, Payload]:
    connector_id = order.address.evse if order.address else WHOLE_STATION
    availability = AVAILABILITY_WORDS[order.params["availability"]]
    return "ChangeAvailability", {"connectorId": connector_id, "type": availability}


def outcome(answer: Payload) -> CommandAnswer:
    return read_status(answer)
