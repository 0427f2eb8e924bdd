"""DataTransfer to the station (OCPP 2.0.1 P01); its data is any JSON."""

from stations.domain.command_order import CommandAnswer, CommandOrder
from stations.ocpp.frames import Payload
from stations.ocpp.v201.answers import read_status


def request(order: CommandOrder) -> tuple[str, Payload]:
    payload: Payload = {"vendorId": order.params["vendor_id"]}
    if "message_id" in order.params:
        payload["messageId"] = order.params["message_id"]
    if "data" in order.params:
        payload["data"] = order.params["data"]
    return "DataTransfer", payload


def outcome(answer: Payload) -> CommandAnswer:
    return read_status(answer)
