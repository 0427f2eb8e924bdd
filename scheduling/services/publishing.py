"""Make the published status of EVSEs what it has to be: the one place that writes it."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import datetime, timedelta
from operator import attrgetter

from django.conf import settings

from scheduling.domain.standing import Decision, Snapshot, decide
from scheduling.domain.statuses import Availability
from scheduling.selectors.schedules import started_windows
from scheduling.selectors.snapshots import snapshots as read_snapshots
from scheduling.selectors.targets import Place
from scheduling.services.published_rows import (
    Change,
    PublishedRow,
    lock_published,
    write_changes,
)

# By EVSE: the availability sent by hand, or None to forget it.
Manual = Mapping[int, Availability | None]
# Returns the present; who waits for locks asks it again afterwards.
Clock = Callable[[], datetime]


def republish(
    evse_ids: Collection[int],
    *,
    now: datetime | Clock,
    manual: Manual | None = None,
    announce: bool = False,
) -> set[int]:
    """Publish EVSEs anew from what the database says of them; return those that changed.

    Five reads and at most three writes, however many EVSEs. Runs in the caller's transaction and
    locks their PublishedStatus rows before it reads, so that nobody's older view is written over
    a newer one. A clock given as `now` is asked once they are locked. `manual` and `announce` as
    in `publish`.
    """
    if not evse_ids:
        return set()
    published = lock_published(evse_ids, now=_instant(now))
    present = _instant(now)
    found = read_snapshots(evse_ids)
    return publish(found, now=present, manual=manual, announce=announce, published=published)


def publish(
    snapshots: Sequence[Snapshot],
    *,
    now: datetime,
    manual: Manual | None = None,
    announce: bool = False,
    published: Mapping[int, PublishedRow] | None = None,
) -> set[int]:
    """Publish EVSEs from snapshots; return those whose ledger facts changed.

    Two reads (one where `published` is given, from `lock_published`); writes at most the
    published rows, the ledger, and the availabilities whose desire changed. `manual` replaces
    the availabilities sent by hand; `announce` marks all rows to be announced, since their
    schedule changed now. Runs in the caller's transaction.
    """
    if not snapshots:
        return set()
    if published is None:
        published = lock_published([each.evse_id for each in snapshots], now=now)
    changes = _changes(snapshots, published, now=now, manual=manual or {}, announce=announce)
    write_changes(changes, now)
    return {change.evse_id for change in changes if change.is_real}


def _instant(now: datetime | Clock) -> datetime:
    return now if isinstance(now, datetime) else now()


def _changes(
    snapshots: Sequence[Snapshot],
    published: Mapping[int, PublishedRow],
    *,
    now: datetime,
    manual: Manual,
    announce: bool,
) -> list[Change]:
    """Return the rows that change, by EVSE, so that further locks are taken in one order."""
    grace = timedelta(seconds=settings.OCPP_OFFLINE_GRACE_S)
    windows = started_windows([_place(snapshot) for snapshot in snapshots], now=now)
    changes = []
    for snapshot in sorted(snapshots, key=attrgetter("evse_id")):
        before = published[snapshot.evse_id]
        by_hand = manual.get(snapshot.evse_id, _availability(before.manual))
        decision = decide(
            snapshot, windows.at(_place(snapshot)), now=now, manual=by_hand, grace=grace
        )
        after = _row_after(before, decision, now=now, manual=by_hand, announce=announce)
        if after != before:
            changes.append(Change(snapshot.evse_id, before, after))
    return changes


def _place(snapshot: Snapshot) -> Place:
    return Place(snapshot.evse_id, snapshot.station_id, snapshot.location_id)


def _availability(word: str) -> Availability | None:
    return Availability(word) if word else None


def _row_after(
    before: PublishedRow,
    decision: Decision,
    *,
    now: datetime,
    manual: Availability | None,
    announce: bool,
) -> PublishedRow:
    is_first = not before.standing.cause
    is_new = is_first or before.standing.status != decision.standing.status
    return PublishedRow(
        decision.standing,
        manual.value if manual else "",
        now if is_new else before.published_at,
        decision.next_change_at,
        now if announce else before.schedule_changed_at,
        before.is_announced and not (is_new or announce),
    )
