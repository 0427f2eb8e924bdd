"""RequestStopTransaction (OCPP 2.0.1 F03)."""

from stations.domain.command_order import CommandAnswer, CommandOrder
from stations.ocpp.frames import Payload
from stations.ocpp.v201.answers import read_status


def request(order: CommandOrder) -> tuple[str, Payload]:
    return "RequestStopTransaction", {"transactionId": order.params["transaction_id"]}


def outcome(answer: Payload) -> CommandAnswer:
    return read_status(answer)
