"""SetVariables with one variable (OCPP 2.0.1 B05)."""

from stations.domain.command_order import CommandAnswer, CommandOrder
from stations.ocpp.command_translation import members
from stations.ocpp.frames import Payload
from stations.ocpp.v201.addresses import variable_members
from stations.ocpp.v201.answers import read_attribute_status


def request(order: CommandOrder) -> tuple[str, Payload]:
    variable = variable_members(
        order.params["key"],
        component=order.params.get("component", ""),
        instance=order.params.get("instance", ""),
        address=order.address,
    )
    return "SetVariables", {
        "setVariableData": [{"attributeValue": order.params["value"], **variable}]
    }


def outcome(answer: Payload) -> CommandAnswer:
    results = members(answer, "setVariableResult")
    return read_attribute_status(results[0] if results else {})
