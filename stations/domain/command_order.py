"""A command on its way to a station's own words, and the station's answer on its way back."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from stations.domain.command import CommandKind, CommandState
from stations.domain.facts import Address


@dataclass(frozen=True, slots=True)
class CommandOrder:
    """What to ask of a station, secrets included; `address` is None for the whole station."""

    command_id: int
    kind: CommandKind
    params: Mapping[str, Any]
    address: Address | None = None


@dataclass(frozen=True, slots=True)
class CommandAnswer:
    """What an answer means; `detail` is its own word unless it was a plain yes."""

    state: CommandState
    detail: str = ""
    reason: str = ""


class CommandNotPossible(Exception):  # noqa: N818 - a finding, not a fault of the program
    """The station's OCPP version cannot say this; the message is a sentence for the operator."""
