"""ClearCache (OCPP 2.0.1 C11)."""

from stations.domain.command_order import CommandAnswer, CommandOrder
from stations.ocpp.frames import Payload
from stations.ocpp.v201.answers import read_status


def request(order: CommandOrder) -> tuple[str, Payload]:
    return "ClearCache", {}


def outcome(answer: Payload) -> CommandAnswer:
    return read_status(answer)
