"""What every OCPP version offers for a command: a request to send and a reading of its answer."""

from collections.abc import Mapping
from typing import Any, Protocol

from stations.domain.command import CommandKind, CommandState
from stations.domain.command_order import CommandAnswer, CommandOrder
from stations.domain.ocpp_version import OcppVersion
from stations.ocpp.frames import Payload

ACCEPTED = CommandAnswer(CommandState.ACCEPTED)
_PLAIN_YES = frozenset({"Accepted", "Unlocked"})


class CommandTranslation(Protocol):
    """One kind of command in one version; the modules of `<version>/commands` are such."""

    def request(self, order: CommandOrder) -> tuple[str, Payload]:
        """Return action and payload of the CALL; raises CommandNotPossible."""

    def outcome(self, answer: Payload) -> CommandAnswer:
        """Read the payload of the CALLRESULT, whatever the station wrote into it."""


CommandTables = Mapping[OcppVersion, Mapping[CommandKind, CommandTranslation]]


def status_answer(
    words: Mapping[str, CommandState], status: object, info: object = None
) -> CommandAnswer:
    """Return what a status word means; one that the version does not know is a failure.

    `info` is the statusInfo of OCPP 2.
    """
    word = str(status or "")
    state = words.get(word, CommandState.FAILED)
    return CommandAnswer(state, "" if word in _PLAIN_YES else word or "NoStatus", _reason(info))


def _reason(info: object) -> str:
    if not isinstance(info, dict):
        return ""
    parts = (info.get("reasonCode"), info.get("additionalInfo"))
    return ": ".join(part for part in parts if isinstance(part, str) and part)


def members(payload: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Return the objects in the list `name` of an answer; none when it is something else."""
    listed = payload.get(name)
    return [item for item in listed if isinstance(item, dict)] if isinstance(listed, list) else []
