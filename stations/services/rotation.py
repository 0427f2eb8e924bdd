"""New passwords of stations, sent over OCPP: nobody is locked out on the way.

From the moment the command leaves until its answer, both passwords open the door. Accepted, only
the new one does; refused, only the old one. A station that had none is asked for its password from
the first time it uses it.
"""

from collections.abc import Mapping, Sequence

from django.db.models import F

from stations.domain.command import CommandKind, CommandState
from stations.models import Command, Station
from stations.rows.update import update_rows
from stations.services.credentials import digest

PASSWORD_KEYS = frozenset({"authorizationkey", "basicauthpassword"})


def is_rotation(command: Command) -> bool:
    """Say whether a command gives the station a new password."""
    key = str(command.params.get("key", "")).rpartition(".")[2].lower()
    return command.kind == CommandKind.CHANGE_CONFIGURATION and key in PASSWORD_KEYS


def begin_rotations(passwords: Mapping[int, str]) -> None:
    """Let stations in with the passwords (by station id) that are about to be sent to them."""
    update_rows(
        Station,
        {pk: {"next_password_digest": digest(text.encode())} for pk, text in passwords.items()},
    )


def end_rotations(commands: Sequence[Command]) -> None:
    """Keep or forget the new passwords, as the stations answered; no answer keeps both."""
    rotations = [command for command in commands if is_rotation(command)]
    if not rotations:
        return
    accepted = {each.station_id for each in rotations if each.state == CommandState.ACCEPTED}
    undecided = {each.station_id for each in rotations if each.state == CommandState.TIMED_OUT}
    refused = {each.station_id for each in rotations} - accepted - undecided
    Station.objects.filter(pk__in=accepted).exclude(next_password_digest="").exclude(
        password_digest=""
    ).update(password_digest=F("next_password_digest"), next_password_digest="")
    Station.objects.filter(pk__in=refused).update(next_password_digest="")
