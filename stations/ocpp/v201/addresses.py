"""Writes EVSEs, connectors, components and variables as OCPP 2.0.1 names them."""

import re

from stations.domain.command_order import CommandNotPossible
from stations.domain.facts import Address
from stations.ocpp.frames import Payload

# Component[instance].Variable[instance], the instances as far as there are any.
_NOTATION = re.compile(r"([^.\[\]]+)(?:\[([^\]]+)\])?\.([^\[\]]+)(?:\[([^\]]+)\])?")
_MAX_NAME_LENGTH = 50  # characters; of component, variable and instance


def evse_member(address: Address, *, with_connector: bool) -> Payload:
    """Return an EVSEType."""
    if with_connector:
        return {"id": address.evse, "connectorId": address.connector}
    return {"id": address.evse}


def variable_members(
    key: str, *, component: str = "", instance: str = "", address: Address | None = None
) -> Payload:
    """Return `component` and `variable` for a key such as `OCPPCommCtrlr.MessageTimeout[Default]`.

    With a component of its own, the key is the variable alone. Raises CommandNotPossible.
    """
    match = _NOTATION.fullmatch(f"{component}.{key}" if component else key)
    if match is None:
        raise CommandNotPossible(
            f"{key} names no component: OCPP 2.0.1 needs Component.Variable, such as"
            " OCPPCommCtrlr.HeartbeatInterval."
        )
    if any(len(part or "") > _MAX_NAME_LENGTH for part in match.groups()):
        raise CommandNotPossible(f"A name in {key} is longer than {_MAX_NAME_LENGTH} characters.")
    component_member = _named(match[1], match[2])
    if address:
        component_member["evse"] = evse_member(address, with_connector=False)
    return {"component": component_member, "variable": _named(match[3], instance or match[4])}


def _named(name: str, instance: str | None) -> Payload:
    return {"name": name, "instance": instance} if instance else {"name": name}
