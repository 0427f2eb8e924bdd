"""What the cards of EVSEs show: reported beside published status, windows, sessions."""

from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db.models import Prefetch
from django.utils import timezone

from scheduling.domain.windows import CurrentWindow
from scheduling.selectors.schedules import messages_of, schedules
from sessions.models import ChargingSession
from stations.models import Connector, Evse


@dataclass(frozen=True, slots=True)
class EvseCard:
    """An EVSE with its live rows; `published` and `availability` may not exist yet."""

    evse: Evse
    published: Any
    availability: Any
    connectors: tuple[Connector, ...]
    active: CurrentWindow | None
    upcoming: CurrentWindow | None
    message: str
    session: ChargingSession | None


def evse_cards(station_ids: Iterable[int]) -> list[EvseCard]:
    """Return the cards of the stations' EVSEs that are in use; six queries, however many."""
    connectors = Prefetch("connectors", Connector.objects.select_related("state"))
    evses = (
        Evse.objects.filter(station__in=list(station_ids), retired_at=None)
        .select_related("station", "published", "availability")
        .prefetch_related(connectors)
        .order_by("station__identity", "number")
    )
    found = {evse.pk: evse for evse in evses}
    plans = schedules(list(found), now=timezone.now())
    active = [plan.active for plan in plans.values() if plan.active]
    texts = messages_of({window.window_id for window in active})
    running = ChargingSession.objects.running().filter(evse__in=list(found))
    sessions = {each.evse_id: each for each in running.select_related("token")}
    return [_card(evse, plans[evse.pk], texts, sessions.get(evse.pk)) for evse in found.values()]


def _card(
    evse: Evse, plan: Any, messages: dict[int, str], session: ChargingSession | None
) -> EvseCard:
    return EvseCard(
        evse=evse,
        published=getattr(evse, "published", None),
        availability=getattr(evse, "availability", None),
        connectors=tuple(evse.connectors.all()),
        active=plan.active,
        upcoming=plan.upcoming,
        message=messages.get(plan.active.window_id, "") if plan.active else "",
        session=session,
    )
