"""ChangeConfiguration (OCPP 1.6 section 5.3)."""

from stations.domain.command_order import CommandAnswer, CommandNotPossible, CommandOrder
from stations.ocpp.frames import Payload
from stations.ocpp.v16.answers import read_status


def request(order: CommandOrder) -> tuple[str, Payload]:
    if "component" in order.params or "instance" in order.params:
        raise CommandNotPossible("OCPP 1.6 keys have no component or instance.")
    return "ChangeConfiguration", {"key": order.params["key"], "value": order.params["value"]}


def outcome(answer: Payload) -> CommandAnswer:
    return read_status(answer)
