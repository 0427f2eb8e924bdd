"""Lets a remote_stop command name a session instead of the station's own transaction ID."""

from typing import Any

from django.utils.translation import gettext as _

from sessions.models import ChargingSession
from stations.domain.command import CommandKind
from stations.models import Station
from stations.services.command_checks import CommandRefused


def name_transaction(station: Station, kind: CommandKind, params: dict[str, Any]) -> dict[str, Any]:
    """Return the params with the `transaction_id` of their `session`.

    It is the station's own in OCPP 2 and ours in 1.6. At most one query. Raises CommandRefused
    when the station has no such running session.
    """
    if kind is not CommandKind.REMOTE_STOP or "session" not in params:
        return params
    session = ChargingSession.objects.filter(
        station=station, pk=params["session"], ended_at=None
    ).first()
    if session is None:
        raise CommandRefused({"session": _("The station has no such running session.")})
    prefix, _colon, own = session.start_key.partition(":")
    return params | {"transaction_id": own if prefix == "tx" else str(session.pk)}
