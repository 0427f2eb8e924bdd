"""ChangeAvailability of an EVSE, a station or a connector (OCPP 2.0.1 G03, G04)."""

from stations.domain.command_order import CommandAnswer, CommandOrder
from stations.ocpp.frames import Payload
from stations.ocpp.v201.addresses import evse_member
from stations.ocpp.v201.answers import read_status
from stations.ocpp.v201.translate import AVAILABILITY_WORDS


def request(order: CommandOrder) -> tuple[str, Payload]:
    payload: Payload = {"operationalStatus": AVAILABILITY_WORDS[order.params["availability"]]}
    if order.address:
        names_connector = "connector" in order.params
        payload["evse"] = evse_member(order.address, with_connector=names_connector)
    return "ChangeAvailability", payload


def outcome(answer: Payload) -> CommandAnswer:
    return read_status(answer)
