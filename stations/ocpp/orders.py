"""Makes of a command's row the CALL that says it in the station's own version."""

from collections.abc import Collection, Mapping

import orjson

from stations.domain.command import CommandKind
from stations.domain.command_order import CommandNotPossible, CommandOrder
from stations.domain.command_params import ALLOWED_WHILE_PENDING
from stations.domain.facts import Address
from stations.domain.hidden import hide_secrets
from stations.domain.ocpp_version import OcppVersion
from stations.domain.setup_state import RegistrationStatus
from stations.models import Command, Connector
from stations.ocpp.command_translation import CommandTables
from stations.ocpp.connection import OutgoingCall
from stations.ocpp.frames import Payload
from stations.ocpp.schemas import SchemaViolation, validate_request
from stations.services.secrets import SecretUnreadable, unseal

Addresses = Mapping[int, list[Address]]


def load_addresses(commands: Collection[Command]) -> Addresses:
    """Return the connectors' addresses of the EVSEs that `commands` name; at most one query."""
    evse_ids = {command.evse_id for command in commands if command.evse_id is not None}
    found: dict[int, list[Address]] = {}
    if evse_ids:
        rows = Connector.objects.filter(evse__in=evse_ids).order_by(
            "ocpp_evse_id", "ocpp_connector_id"
        )
        for evse_id, *address in rows.values_list("evse", "ocpp_evse_id", "ocpp_connector_id"):
            found.setdefault(evse_id, []).append(Address(*address))
    return found


def outgoing_call(
    command: Command, *, message_id: str, addresses: Addresses, tables: CommandTables
) -> OutgoingCall:
    """Return the CALL of a command, whose station, connection and EVSE must be loaded.

    Secrets are in its payload alone. Raises CommandNotPossible.
    """
    kind = CommandKind(command.kind)
    _check_registration(command, kind)
    version = _version(command)
    params = opened_params(command)
    address = _address(command, version, addresses)
    action, payload = tables[version][kind].request(CommandOrder(command.pk, kind, params, address))
    if kind is not CommandKind.RAW:
        _check_payload(version, action, payload)
    return OutgoingCall(
        command_id=command.pk,
        station_id=command.station_id,
        message_id=message_id,
        action=action,
        payload_text=orjson.dumps(payload).decode(),
        logged_text=orjson.dumps(hide_secrets(payload)).decode(),
        timeout_s=command.timeout_s,
        expires_at=command.expires_at,
    )


def _check_registration(command: Command, kind: CommandKind) -> None:
    """A station that is held may be configured, and nothing else (OCPP 2.0.1 B02)."""
    is_pending = command.station.registration == RegistrationStatus.PENDING
    if is_pending and kind not in ALLOWED_WHILE_PENDING:
        raise CommandNotPossible(
            "The station is not accepted yet. Until then it can be configured, triggered and reset."
        )


def _version(command: Command) -> OcppVersion:
    try:
        return OcppVersion(command.station.connection.version)
    except ValueError as error:
        raise CommandNotPossible("The connection's OCPP version is not known.") from error


def opened_params(command: Command) -> Payload:
    """Return a command's parameters with its secrets. Raises CommandNotPossible."""
    if not command.secret_params:
        return dict(command.params)
    try:
        opened: Payload = orjson.loads(unseal(command.secret_params))
    except SecretUnreadable as error:
        raise CommandNotPossible(
            "The command's secret was encrypted with another key. Send the command again."
        ) from error
    return opened


def _address(command: Command, version: OcppVersion, addresses: Addresses) -> Address | None:
    """Without an EVSE, the connector of OCPP 1.6 is its own address."""
    wanted = command.params.get("connector")
    if command.evse is None:
        if wanted is not None and version is not OcppVersion.V16:
            raise CommandNotPossible("A connector is named together with its EVSE.")
        return None if wanted is None else Address(wanted, 1)
    options = addresses.get(command.evse.pk) or [Address(command.evse.number, 1)]
    if wanted is None:
        return options[0]
    own = [each for each in options if version is OcppVersion.V16 and each.evse == wanted]
    matches = own or [each for each in options if each.connector == wanted]
    if not matches:
        raise CommandNotPossible(f"The EVSE has no connector {wanted}.")
    return matches[0]


def _check_payload(version: OcppVersion, action: str, payload: Payload) -> None:
    try:
        validate_request(version, action, payload, strict=True)
    except SchemaViolation as violation:
        raise CommandNotPossible(
            f"OCPP {version} does not allow this {action}: {violation.description}."
        ) from violation
