"""When the effect of a command has been seen: a fact apart from the station's answer."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Self

from stations.domain.command import CommandKind
from stations.domain.command_words import Availability
from stations.domain.reported_status import ReportedStatus


@dataclass(frozen=True, slots=True)
class EffectSeen:
    """Something a station did that a command may have asked for; `facts` tells what exactly."""

    station_id: int
    kind: CommandKind
    evse_id: int | None = None
    facts: tuple[str, ...] = ()

    @classmethod
    def reboot(cls, station_id: int) -> Self:
        """The station sent a BootNotification."""
        return cls(station_id, CommandKind.RESET)

    @classmethod
    def status(cls, station_id: int, evse_id: int | None, status: ReportedStatus) -> Self | None:
        """The station reported a status, of an EVSE (database id) or of itself (None).

        Faulted tells nothing of availability: the answer is None.
        """
        if status is ReportedStatus.FAULTED:
            return None
        is_out = status is ReportedStatus.UNAVAILABLE
        availability = Availability.INOPERATIVE if is_out else Availability.OPERATIVE
        return cls(station_id, CommandKind.CHANGE_AVAILABILITY, evse_id, (availability.value,))

    @classmethod
    def session_start(
        cls, station_id: int, *, token: str = "", remote_start_id: int | None = None
    ) -> Self:
        """A session started with a token as the station sent it, or names the command itself."""
        started_by = "" if remote_start_id is None else str(remote_start_id)
        return cls(station_id, CommandKind.REMOTE_START, facts=(token.casefold(), started_by))

    @classmethod
    def session_end(cls, station_id: int, transaction_id: str | int) -> Self:
        """A session ended; `transaction_id` is what remote_stop would name it by."""
        return cls(station_id, CommandKind.REMOTE_STOP, facts=(str(transaction_id),))


def is_effect_of(
    seen: EffectSeen, *, command_id: int, evse_id: int | None, params: Mapping[str, Any]
) -> bool:
    """Say whether what was seen fulfils a command of the same station and kind."""
    match seen.kind:
        case CommandKind.RESET:
            return True
        case CommandKind.CHANGE_AVAILABILITY:
            is_same_place = evse_id in {None, seen.evse_id}
            return is_same_place and params.get("availability") in seen.facts
        case CommandKind.REMOTE_START:
            token, started_by = seen.facts
            if started_by:
                return started_by == str(command_id)
            return bool(token) and str(params.get("token", "")).casefold() == token
        case CommandKind.REMOTE_STOP:
            return params.get("transaction_id") in seen.facts
        case _:
            return False
