"""The unit of work of a batch: what it needs, what was loaded, what it will write.

Handlers name what they need, see what was loaded and put facts in; each table is read once and
written once for the whole batch, however many messages it holds.
"""

from collections.abc import Callable, Collection, Iterable, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from graphlib import TopologicalSorter
from typing import Any, TypeVar

from django.db import models

from stations.domain.command_effects import EffectSeen
from stations.domain.exchange import Exchange
from stations.domain.facts import ConnectorFacts, StationFacts
from stations.rows.append import append_rows
from stations.rows.update import update_rows

K = TypeVar("K")
V = TypeVar("V")
Loader = Callable[[Collection[K]], V]


@dataclass(slots=True)
class Touched:
    """What later stages must look at: stations by reason."""

    connected: set[int] = field(default_factory=set)
    booted: set[int] = field(default_factory=set)
    disconnected: set[int] = field(default_factory=set)
    reported: dict[int, list[ConnectorFacts]] = field(default_factory=dict)
    whole_stations: set[int] = field(default_factory=set)
    sessions: set[int] = field(default_factory=set)

    def stations(self) -> set[int]:
        """Return every station whose published status may have changed."""
        return (
            self.connected
            | self.disconnected
            | self.whole_stations
            | self.sessions
            | self.reported.keys()
        )


class Work:
    """One batch between its first read and its last write; runs inside one transaction."""

    def __init__(self, now: datetime, *, node_id: int | None = None) -> None:
        self.now = now
        self.node_id = node_id
        self.touched = Touched()
        self.exchanges: list[Exchange] = []
        self.stations: dict[int, StationFacts] = {}
        # Of stations that boot or connect: what is known of their equipment.
        self.equipment: dict[int, dict[str, str]] = {}
        # Known stations whose handshake or close is in this batch.
        self.knocking: set[int] = set()
        self.effects: list[EffectSeen] = []
        self._needs: dict[Loader[Any, Any], set[Any]] = {}
        self._loaded: dict[Loader[Any, Any], Any] = {}
        self._inserts: dict[type[models.Model], list[models.Model]] = {}
        self._updates: dict[type[models.Model], dict[Any, dict[str, Any]]] = {}
        self._appends: dict[type[models.Model], list[dict[str, Any]]] = {}
        self._kept: dict[object, Any] = {}
        self._unless_there: dict[type[models.Model], Sequence[str]] = {}
        self._after_insert: list[Callable[[], None]] = []

    def need(self, loader: Loader[K, V], keys: Iterable[K]) -> None:
        """Ask that `loader` is called once, with these keys and those of others."""
        self._needs.setdefault(loader, set()).update(keys)

    def load(self) -> None:
        """Call every loader that was asked for: one query each."""
        for loader, keys in self._needs.items():
            self._loaded[loader] = loader(keys)

    def loaded(self, loader: Loader[K, V]) -> V:
        """Return what `loader` gave; raises KeyError when nobody asked for it."""
        found: V = self._loaded[loader]
        return found

    def insert(self, row: models.Model, *, unless_there: Sequence[str] = ()) -> None:
        """Insert an object; its key is set when it is written.

        With the fields of a unique constraint in `unless_there`, a row that is there already
        stays as it is, and the object gets its key.
        """
        self._inserts.setdefault(type(row), []).append(row)
        if unless_there:
            self._unless_there[type(row)] = unless_there

    def when_inserted(self, action: Callable[[], None]) -> None:
        """Call `action` when new objects have their keys, before updates are written."""
        self._after_insert.append(action)

    def update(self, model: type[models.Model], key: Any, /, **values: Any) -> None:
        """Set fields (attnames) of one row; a later call adds to an earlier one."""
        self._updates.setdefault(model, {}).setdefault(key, {}).update(values)

    def append(self, model: type[models.Model], /, **values: Any) -> None:
        """Add a row to a table that is filled by COPY; all rows of a model name the same fields.

        A value may be a model instance that this batch inserts: its key is filled in.
        """
        self._appends.setdefault(model, []).append(values)

    def keep(self, owner: object, value: Any) -> None:
        """Keep something of a stage's own until it runs."""
        self._kept[owner] = value

    def kept(self, owner: object) -> Any:
        """Return what a stage has kept, or None."""
        return self._kept.get(owner)

    def flush(self) -> None:
        """Write what was put in: one statement a table; inserts first, for their keys."""
        inserts = self._take(self._inserts)
        for model in _referred_first(inserts):
            unique = self._unless_there.get(model)
            model._default_manager.bulk_create(
                inserts[model],
                update_conflicts=bool(unique),
                unique_fields=unique,
                update_fields=unique,
            )
        callbacks, self._after_insert = self._after_insert, []
        for callback in callbacks:
            callback()
        for model, changes in self._take(self._updates).items():
            update_rows(model, changes)
        for model, lines in self._take(self._appends).items():
            columns = tuple(lines[0])
            append_rows(model, columns, [[_key(line[name]) for name in columns] for line in lines])

    @staticmethod
    def _take(pending: dict[K, V]) -> dict[K, V]:
        taken = dict(pending)
        pending.clear()
        return taken


def _referred_first(pending: Collection[type[models.Model]]) -> Iterable[type[models.Model]]:
    """Return the models so that one comes after those that its rows refer to."""
    if len(pending) < 2:
        return pending
    return TopologicalSorter(
        {
            model: {
                other
                for other in pending
                if other is not model
                and any(field.related_model is other for field in model._meta.concrete_fields)
            }
            for model in pending
        }
    ).static_order()


def _key(value: Any) -> Any:
    return value.pk if isinstance(value, models.Model) else value
