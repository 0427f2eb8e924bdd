"""Stations as people and integrators set them: provisioned, changed, approved."""

import contextlib
from collections.abc import Mapping
from typing import Any

from django.core.exceptions import ValidationError
from django.db import transaction
from django.utils.translation import gettext as _

from stations.domain.command import CommandKind, CommandSource
from stations.domain.command_words import TriggeredMessage
from stations.domain.identity import is_station_identity
from stations.domain.setup_state import RegistrationStatus, SetupState
from stations.models import Operator, Station
from stations.services.commands import StationOffline, send_command
from stations.services.credentials import set_password
from stations.signals import stations_changed

SAME_OPERATOR = ("location", "account", "field_service_account")


@transaction.atomic
def create_station(
    *, identity: str, operator: Operator, password: str | None = None, **values: Any
) -> Station:
    """Provision a station; its BootNotification will be accepted.

    Raises ValidationError with the errors by field.
    """
    station = Station(identity=identity, operator=operator)
    if not is_station_identity(identity):
        raise ValidationError(
            {"identity": _("An identity has 1 to 48 of these signs: A-Z a-z 0-9 * - _ = + | @ .")}
        )
    _assign(station, values)
    station.save()
    _change_password(station, password)
    _announce(station)
    return station


@transaction.atomic
def update_station(station: Station, *, password: str | None = None, **values: Any) -> Station:
    """Change what was set about a station; a held station that becomes ACTIVE is approved.

    A password of "" takes the password away, None leaves it. Raises ValidationError with the
    errors by field.
    """
    was_accepted = station.registration == RegistrationStatus.ACCEPTED
    _assign(station, values)
    if values.get("setup_state") == SetupState.ACTIVE and "registration" not in values:
        _accept_held(station)
    # What the station writes about itself meanwhile is not ours to overwrite.
    station.save(update_fields=[*values, "registration", "updated_at"])
    _change_password(station, password)
    _announce(station)
    if not was_accepted and station.registration == RegistrationStatus.ACCEPTED:
        _ask_to_boot(station)
    return station


def approve(station: Station) -> None:
    """Accept a station that was held; one that is connected is asked to boot again at once."""
    update_station(station, registration=RegistrationStatus.ACCEPTED)


def _ask_to_boot(station: Station) -> None:
    """A held station may send nothing but boots, every so often: ask for the next one now."""
    with contextlib.suppress(StationOffline):
        send_command(
            station,
            CommandKind.TRIGGER_MESSAGE,
            {"message": TriggeredMessage.BOOT_NOTIFICATION},
            source=CommandSource.TASK,
        )


def _accept_held(station: Station) -> None:
    if station.registration == RegistrationStatus.PENDING:
        station.registration = RegistrationStatus.ACCEPTED


def _assign(station: Station, values: Mapping[str, Any]) -> None:
    for name, value in values.items():
        setattr(station, name, value)
    errors = {}
    for name in SAME_OPERATOR:
        row = getattr(station, name)
        if row is not None and row.operator_id != station.operator_id:
            text = _(
                "“%(row)s” belongs to another operator than %(operator)s. "
                "Choose one of the same operator, or none."
            )
            errors[name] = text % {"row": row, "operator": station.operator}
    if errors:
        raise ValidationError(errors)


def _change_password(station: Station, password: str | None) -> None:
    if password is None:
        return
    try:
        set_password(station, password)
    except ValueError as error:
        raise ValidationError(
            {"password": _("A password has 16 to 64 characters (OCPP 1.6: 32 to 40 hex digits).")}
        ) from error


def _announce(station: Station) -> None:
    stations_changed.send(sender=Station, station_ids=[station.pk])
