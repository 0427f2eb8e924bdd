"""TriggerMessage (OCPP 2.0.1 F06)."""

from stations.domain.command_order import CommandAnswer, CommandOrder
from stations.domain.command_words import TriggeredMessage
from stations.ocpp.frames import Payload
from stations.ocpp.v201.addresses import evse_member
from stations.ocpp.v201.answers import read_status
from stations.ocpp.v201.translate import TRIGGER_WORDS


def request(order: CommandOrder) -> tuple[str, Payload]:
    """A StatusNotification is asked of a connector, everything else of an EVSE (F06.FR.12)."""
    message = order.params["message"]
    payload: Payload = {"requestedMessage": TRIGGER_WORDS[message]}
    if order.address:
        of_connector = message == TriggeredMessage.STATUS_NOTIFICATION
        payload["evse"] = evse_member(order.address, with_connector=of_connector)
    return "TriggerMessage", payload


def outcome(answer: Payload) -> CommandAnswer:
    return read_status(answer)
