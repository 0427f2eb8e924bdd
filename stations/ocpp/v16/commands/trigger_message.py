"""TriggerMessage (OCPP 1.6 section 5.17) and ExtendedTriggerMessage (security whitepaper)."""

from stations.domain.command_order import CommandAnswer, CommandNotPossible, CommandOrder
from stations.domain.command_words import TriggeredMessage
from stations.ocpp.frames import Payload
from stations.ocpp.v16.answers import read_status
from stations.ocpp.v16.translate import TRIGGER_WORDS

# Messages of the security extension can only be asked for by its own trigger.
EXTENDED = frozenset({TriggeredMessage.LOG_STATUS, TriggeredMessage.SIGN_STATION_CERTIFICATE})


def request(order: CommandOrder) -> tuple[str, Payload]:
    message = order.params["message"]
    if message not in TRIGGER_WORDS:
        raise CommandNotPossible(f"OCPP 1.6 has no {message} that could be triggered.")
    action = "ExtendedTriggerMessage" if message in EXTENDED else "TriggerMessage"
    payload: Payload = {"requestedMessage": TRIGGER_WORDS[message]}
    if order.address:
        payload["connectorId"] = order.address.evse
    return action, payload


def outcome(answer: Payload) -> CommandAnswer:
    return read_status(answer)
