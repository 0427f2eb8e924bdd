"""GetConfiguration (OCPP 1.6 section 5.8)."""

from stations.domain.command import CommandState
from stations.domain.command_order import CommandAnswer, CommandOrder
from stations.ocpp.command_translation import ACCEPTED
from stations.ocpp.frames import Payload


def request(order: CommandOrder) -> tuple[str, Payload]:
    keys = order.params.get("keys")
    return "GetConfiguration", {"key": keys} if keys else {}


def outcome(answer: Payload) -> CommandAnswer:
    """The answer has no status: it is a refusal only when no key was known."""
    if answer.get("unknownKey") and not answer.get("configurationKey"):
        return CommandAnswer(CommandState.REJECTED, "UnknownKey")
    return ACCEPTED
