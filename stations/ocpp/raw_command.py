"""A CALL sent as it is, in any version: nothing of it is translated or checked."""

from stations.domain.command_order import CommandAnswer, CommandOrder
from stations.ocpp.command_translation import ACCEPTED
from stations.ocpp.frames import Payload


def request(order: CommandOrder) -> tuple[str, Payload]:
    return order.params["action"], order.params.get("payload", {})


def outcome(answer: Payload) -> CommandAnswer:
    """Any CALLRESULT is a yes here: whoever sends raw calls reads the answer."""
    return ACCEPTED
