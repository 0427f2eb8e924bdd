"""GetVariables (OCPP 2.0.1 B06), or GetBaseReport (B07) when everything is asked for."""

from ocpp.v201.enums import ReportBaseEnumType

from stations.domain.command import CommandState
from stations.domain.command_order import CommandAnswer, CommandOrder
from stations.ocpp.command_translation import members, status_answer
from stations.ocpp.frames import Payload
from stations.ocpp.v201.addresses import variable_members
from stations.ocpp.v201.answers import read_attribute_status, read_status
from stations.ocpp.v201.translate import COMMAND_STATES


def request(order: CommandOrder) -> tuple[str, Payload]:
    """The report comes as NotifyReport messages, whose requestId is the command's id."""
    keys = order.params.get("keys")
    if keys:
        return "GetVariables", {"getVariableData": [variable_members(key) for key in keys]}
    report_base = ReportBaseEnumType.full_inventory.value
    return "GetBaseReport", {"requestId": order.command_id, "reportBase": report_base}


def outcome(answer: Payload) -> CommandAnswer:
    """Variables are a refusal only when none of them could be read."""
    if "getVariableResult" not in answer:
        return read_status(answer)
    answers = [read_attribute_status(result) for result in members(answer, "getVariableResult")]
    readable = (each for each in answers if each.state is CommandState.ACCEPTED)
    return next(readable, answers[0] if answers else status_answer(COMMAND_STATES, None))
