"""Reset (OCPP 1.6 section 5.14)."""

from stations.domain.command_order import CommandAnswer, CommandOrder
from stations.ocpp.frames import Payload
from stations.ocpp.v16.answers import read_status
from stations.ocpp.v16.translate import RESET_TYPE_WORDS


def request(order: CommandOrder) -> tuple[str, Payload]:
    """The whole station restarts, whichever EVSE was named: 1.6 knows no smaller reset."""
    return "Reset", {"type": RESET_TYPE_WORDS[order.params["type"]]}


def outcome(answer: Payload) -> CommandAnswer:
    return read_status(answer)
