"""One batch: everything that was waiting, decided and written in one transaction.

Free of threads and sockets, so that tests call it directly. Items are handled in order of arrival;
a batch holds at most one message of each station.
"""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime
from typing import Protocol

from django.db import transaction

from stations.ocpp.pump import Answer, CommandPump
from stations.ocpp.routing import Handler, Routes, Stage, StationCall
from stations.ocpp.work import Work
from stations.selectors import load_stations, lock_equipment
from stations.services.command_effects import mark_effects
from stations.services.connecting import Doors, Knock, Refusal, load_doors, note_unrecognised

# What may change a station's own row: a boot, and a socket that opens.
_CHANGE_STATIONS = frozenset({"", "BootNotification"})


class Item(Protocol):
    """Something that waits for the next batch; the methods are called in this order."""

    def enter(self, batch: "Batch") -> None:
        """Name the station or the knock; nothing is loaded yet."""

    def needs(self, batch: "Batch") -> None:
        """Say what must be loaded; stations and doors are known."""

    def handle(self, batch: "Batch") -> None:
        """Decide; everything is loaded."""

    def written(self, batch: "Batch") -> None:
        """Make the answer and its log row; keys of new rows are known."""


class Batch:
    """The work of one batch and the routes and stages it goes through."""

    def __init__(
        self, routes: Routes, stages: Sequence[Stage], *, now: datetime, node_id: int | None
    ) -> None:
        self.routes = routes
        self.work = Work(now, node_id=node_id)
        self.calls: list[StationCall] = []
        self.knocks: list[Knock] = []
        self.doors = Doors({}, {})
        # What each station of the batch does: the action of its CALL, or "" for its socket.
        self.stations: dict[int, str] = {}
        self.refused: dict[str, tuple[Knock, Refusal]] = {}
        self.answers: list[Answer] = []
        self.late: frozenset[int] = frozenset()
        self._stages = stages
        self._calls_of: defaultdict[Handler, list[StationCall]] = defaultdict(list)

    def route(self, handler: Handler, call: StationCall) -> None:
        """Give a call to the handler that will be asked what it needs."""
        self.calls.append(call)
        self._calls_of[handler].append(call)

    def run(self, items: Sequence[Item]) -> None:
        """Load, decide and write, in the caller's transaction."""
        work = self.work
        self._meet(items)
        for item in items:
            item.needs(self)
        for handler, calls in self._calls_of.items():
            handler.needs(calls, work)
        for stage in self._stages:
            stage.needs(self.calls, work)
        work.load()
        for item in items:
            item.handle(self)
        note_unrecognised(self.refused, work)
        work.flush()
        if self.answers:
            self._settle()
        mark_effects(work.effects, work.now)
        for item in items:
            item.written(self)
        for stage in self._stages:
            stage.run(work)
        work.flush()

    def _settle(self) -> None:
        """Write the answers to our CALLs; what follows from them is newer than what stages hold."""
        self.late = frozenset(CommandPump().settle(self.answers, now=self.work.now).late)
        for stage in self._stages:
            stage.lock(self.stations, self.work)

    def _meet(self, items: Sequence[Item]) -> None:
        for item in items:
            item.enter(self)
        if self.knocks:
            self.doors = load_doors(self.knocks)
            known = {station.id for station in self.doors.stations.values()}
            self.stations |= dict.fromkeys(known, "")
            self.work.knocking |= known
        if self.stations:
            changing = [pk for pk, action in self.stations.items() if action in _CHANGE_STATIONS]
            if changing:
                self.work.equipment = lock_equipment(changing)
            for stage in self._stages:
                stage.lock(self.stations, self.work)
            self.work.stations = load_stations(self.stations.keys())


def run_batch(
    items: Sequence[Item],
    *,
    routes: Routes,
    stages: Sequence[Stage],
    now: datetime,
    node_id: int | None,
) -> None:
    """Handle `items` in one transaction of their own; raises what the handlers did not expect."""
    with transaction.atomic():
        Batch(routes, stages, now=now, node_id=node_id).run(items)
