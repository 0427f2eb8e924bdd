"""From an action of a version to the handler that answers it.

A frequent action has a module-like `Batched` pair, a rare one a function that takes one call and
may use the ordinary ORM; the route table hides the difference.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Protocol

from stations.domain.facts import StationFacts
from stations.domain.ocpp_version import OcppVersion
from stations.ocpp.work import Work

Answer = Mapping[str, Any] | Callable[[], Mapping[str, Any]]


@dataclass(slots=True)
class StationCall:
    """One CALL of a station with the facts of who sent it.

    `session` is set for the log; `key` holds what names the message, between needs and handle.
    """

    station: StationFacts
    version: OcppVersion
    action: str
    message_id: str
    payload: dict[str, Any]
    received_at: datetime
    session: Any = None
    key: int = 0


class Handler(Protocol):
    """What answers one action.

    `needs` names what must be loaded for its calls (`station` is there already); `handle` decides
    one call and returns the answer, or a function that makes it once the batch is written.
    Raises CallRefused before anything is put into the work.
    """

    def needs(self, calls: Sequence[StationCall], work: Work) -> None: ...

    def handle(self, call: StationCall, work: Work) -> Answer: ...


class Rare:
    """A handler of one call that needs nothing loaded."""

    def __init__(self, answer: Callable[[StationCall, Work], Answer]) -> None:
        self._answer = answer

    def needs(self, calls: Sequence[StationCall], work: Work) -> None:
        """Need nothing: a rare action reads for itself."""

    def handle(self, call: StationCall, work: Work) -> Answer:
        return self._answer(call, work)


Routes = Mapping[tuple[OcppVersion, str], Handler]


class Stage(Protocol):
    """What looks at a batch after its handlers; later apps join through settings."""

    def lock(self, stations: Mapping[int, str], work: Work) -> None:
        """Take the locks that must be held before facts are read.

        `stations` tells what each station of the batch does: an action, or "" for its socket.
        """

    def needs(self, calls: Sequence[StationCall], work: Work) -> None: ...

    def run(self, work: Work) -> None: ...


def route_table(*parts: Iterable[tuple[OcppVersion, str, Handler]]) -> Routes:
    """Return the routes as a table; raises ValueError for an action that has two."""
    table: dict[tuple[OcppVersion, str], Handler] = {}
    for part in parts:
        for version, action, handler in part:
            if (version, action) in table:
                raise ValueError(f"{action} of {version} is routed twice")
            table[version, action] = handler
    return table
