"""RemoteStopTransaction (OCPP 1.6 section 5.12)."""

from stations.domain.command_order import CommandAnswer, CommandNotPossible, CommandOrder
from stations.ocpp.frames import Payload
from stations.ocpp.v16.answers import read_status


def request(order: CommandOrder) -> tuple[str, Payload]:
    transaction_id = order.params["transaction_id"]
    try:
        return "RemoteStopTransaction", {"transactionId": int(transaction_id)}
    except ValueError as error:
        raise CommandNotPossible("An OCPP 1.6 transaction ID is a whole number.") from error


def outcome(answer: Payload) -> CommandAnswer:
    return read_status(answer)
