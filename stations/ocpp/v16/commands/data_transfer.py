"""DataTransfer to the station (OCPP 1.6 section 5.6); its data is a text."""

import orjson

from stations.domain.command_order import CommandAnswer, CommandOrder
from stations.ocpp.frames import Payload
from stations.ocpp.v16.answers import read_status


def request(order: CommandOrder) -> tuple[str, Payload]:
    payload: Payload = {"vendorId": order.params["vendor_id"]}
    if "message_id" in order.params:
        payload["messageId"] = order.params["message_id"]
    if "data" in order.params:
        data = order.params["data"]
        payload["data"] = data if isinstance(data, str) else orjson.dumps(data).decode()
    return "DataTransfer", payload


def outcome(answer: Payload) -> CommandAnswer:
    return read_status(answer)
