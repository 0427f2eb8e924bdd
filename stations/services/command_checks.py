"""Checks what is asked of a station before it is queued."""

from collections.abc import Callable, Mapping
from typing import Any
from uuid import UUID

from django.conf import settings
from django.core.exceptions import ValidationError
from django.db.models import Q
from django.utils.module_loading import import_string
from django.utils.translation import gettext as _

from stations.domain.command import CommandKind
from stations.domain.command_params import (
    NEEDS_EVSE,
    TAKES_EVSE,
    ParamsRefused,
    normalise_params,
)
from stations.domain.identity import evse_id_key
from stations.models import Evse, Station

MAX_NUMBER = 2**31 - 1  # of the database's integer

ParamResolver = Callable[[Station, CommandKind, dict[str, Any]], dict[str, Any]]


class CommandRefused(ValidationError):  # noqa: N818 - an answer, like PermissionDenied
    """The command cannot be sent as it was asked for; `message_dict` names the parameters."""


def known_kind(kind: str) -> CommandKind:
    """Return the kind; raises CommandRefused."""
    try:
        return CommandKind(kind)
    except ValueError as error:
        raise CommandRefused(
            {
                "kind": _("There is no command %(kind)s; known are %(kinds)s.")
                % {"kind": kind, "kinds": ", ".join(CommandKind)}
            }
        ) from error


def chosen_evse(station: Station, kind: CommandKind, choice: object) -> Evse | None:
    """Return the EVSE that a command is for; `choice` is one, or its number, UID or EVSE ID.

    Asks the database only for a name. Raises CommandRefused.
    """
    evse = choice if isinstance(choice, Evse) else _named_evse(station, choice)
    if evse is not None and evse.station_id != station.pk:
        raise CommandRefused({"evse": _("The EVSE belongs to another station.")})
    if evse is not None and kind not in TAKES_EVSE:
        raise CommandRefused({"evse": _("%(kind)s takes no EVSE.") % {"kind": kind}})
    if evse is None and kind in NEEDS_EVSE:
        raise CommandRefused({"evse": _("%(kind)s needs an EVSE.") % {"kind": kind}})
    return evse


def normal_params(station: Station, kind: CommandKind, params: Mapping[str, Any]) -> dict[str, Any]:
    """Return the params in their normal form, as upper apps resolve them; raises CommandRefused."""
    try:
        normal = normalise_params(kind, params)
    except ParamsRefused as refusal:
        raise CommandRefused({name: [error] for name, error in refusal.errors.items()}) from refusal
    for path in settings.COMMAND_PARAM_RESOLVERS:
        resolve: ParamResolver = import_string(path)
        normal = resolve(station, kind, normal)
    return normal


def _named_evse(station: Station, name: object) -> Evse | None:
    if name is None:
        return None
    condition = _condition(name)
    evse: Evse | None = station.evses.filter(condition).first() if condition else None
    if evse is None:
        raise CommandRefused({"evse": _("The station has no such EVSE.")})
    return evse


def _condition(name: object) -> Q | None:
    if isinstance(name, bool) or not isinstance(name, int | str):
        return None
    text = str(name)
    if text.isascii() and text.isdigit():
        number = int(text[:20])
        return Q(number=number) if number <= MAX_NUMBER else None
    try:
        return Q(uid=UUID(text))
    except ValueError:
        return Q(evse_id_key=evse_id_key(text))
