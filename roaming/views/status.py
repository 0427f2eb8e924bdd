"""The drivers' pages: what can be used where, without login and without JavaScript."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.core.paginator import Page, Paginator
from django.db.models import Q
from django.http import HttpRequest, HttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils import timezone
from django.utils.translation import gettext, ngettext
from django.views.decorators.http import require_safe

from roaming.selectors.evses import ShownEvse, by_location, listed, load_shown
from roaming.selectors.locations import listed_locations
from roaming.views.cached import kept_for_a_moment
from roaming.views.status_cards import EvseCard, evse_card
from scheduling.domain.statuses import PublicStatus
from stations.domain.identity import evse_id_key
from stations.models import Location

LOCATIONS_PER_PAGE = 10
# A location with more of them shows the rest on its own page: no page outgrows 50 kB.
EVSES_IN_LIST = 6
EVSES_PER_PAGE = 40
_LONGEST_SEARCH = 80


@dataclass(frozen=True, slots=True)
class LocationCard:
    """A location with the EVSEs that are shown of it, and how many there are."""

    location: Location
    evses: Sequence[EvseCard]
    total: int
    summary: str
    is_usable: bool

    @property
    def hidden(self) -> int:
        """Return how many EVSEs are not shown here."""
        return self.total - len(self.evses)


@require_safe
def locations(request: HttpRequest) -> HttpResponseBase:
    search = request.GET.get("q", "").strip()[:_LONGEST_SEARCH]
    found = Paginator(listed_locations(search), LOCATIONS_PER_PAGE)
    page: Page[Location] = found.get_page(request.GET.get("page"))
    now = timezone.now()
    evses = _evses_of([each.pk for each in page], now=now)
    cards = [
        _card(each, evses.get(each.pk, []), now=now, first=0, count=EVSES_IN_LIST) for each in page
    ]
    context = {"cards": cards, "page": page, "search": search}
    return _page(request, "roaming/status.html", context)


@require_safe
def location(request: HttpRequest, slug: str) -> HttpResponseBase:
    found = listed_locations().filter(slug=slug).first()
    if found is None:
        return _not_found(request)
    now = timezone.now()
    shown = _evses_of([found.pk], now=now).get(found.pk, [])
    page = Paginator(shown, EVSES_PER_PAGE).get_page(request.GET.get("page"))
    first = page.start_index() - 1 if shown else 0
    card = _card(found, shown, now=now, first=first, count=EVSES_PER_PAGE)
    return _page(request, "roaming/status_location.html", {"card": card, "page": page})


@require_safe
def evse(request: HttpRequest, evse_id: str) -> HttpResponseBase:
    """Where the QR code on a charging point leads: this EVSE first, then its neighbours."""
    now = timezone.now()
    key = evse_id_key(evse_id)
    met = listed() & Q(evse_id_key=key, station__location__is_published=True)
    for shown in load_shown(met, now=now) if key else ():
        place = shown.evse.station.location
        if place is not None:
            neighbours = _evses_of([place.pk], now=now).get(place.pk, [])
            others = [each for each in neighbours if each.evse.pk != shown.evse.pk]
            card = _card(place, others, now=now, first=0, count=EVSES_IN_LIST)
            chosen = evse_card(shown, zone=place.time_zone, now=now)
            context = {"card": card, "chosen": chosen}
            return _page(request, "roaming/status_evse.html", context)
    return _not_found(request)


def _evses_of(ids: Sequence[int], *, now: datetime) -> dict[int | None, list[ShownEvse]]:
    return by_location(load_shown(Q(station__location__in=ids) & listed(), now=now))


def _card(
    location: Location, shown: Sequence[ShownEvse], *, now: datetime, first: int, count: int
) -> LocationCard:
    zone = location.time_zone
    available = Counter(each.status for each in shown)[PublicStatus.AVAILABLE]
    return LocationCard(
        location=location,
        evses=[evse_card(each, zone=zone, now=now) for each in shown[first : first + count]],
        total=len(shown),
        summary=_summary(available, len(shown)),
        is_usable=available > 0,
    )


def _summary(available: int, total: int) -> str:
    if total == 1:
        return gettext("1 available") if available else gettext("None available")
    text = ngettext(
        "%(available)s of %(total)s available", "%(available)s of %(total)s available", available
    )
    return text % {"available": available, "total": total}


def _page(request: HttpRequest, template: str, context: Mapping[str, object]) -> HttpResponseBase:
    return kept_for_a_moment(request, render(request, template, dict(context)))


def _not_found(request: HttpRequest) -> HttpResponse:
    return render(request, "roaming/status_not_found.html", status=404)
