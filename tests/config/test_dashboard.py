"""The dashboard counts in a few queries, and only what its user may see."""

from datetime import timedelta

import pytest
from django.urls import reverse
from django.utils import timezone

from config.dashboard import environment, facts
from config.navigation import search
from scheduling.domain.statuses import WindowSource, WindowStatus
from scheduling.services.publishing import republish
from scheduling.services.windows import set_window
from tests import factories
from tests.staff import browser_of, operator_staff, superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def evse():
    place = factories.location()
    charging, faulted = factories.reporting_evses(
        "Charging", count=2, operator=place.operator, location=place
    )
    factories.report(faulted, "Faulted")
    republish([charging.pk, faulted.pk], now=timezone.now())
    factories.session(charging.station, evse=charging, start_meter_wh=1000, last_meter_wh=3500)
    set_window(
        target=place,
        status=WindowStatus.MAINTENANCE,
        source=WindowSource.STAFF,
        starts_at=timezone.now() + timedelta(days=1),
    )
    factories.command(charging.station, state="accepted")
    return charging


def test_it_takes_at_most_ten_queries(evse, django_assert_max_num_queries):
    user = superuser()
    with django_assert_max_num_queries(10):
        shown = facts(user, timezone.now())
        list(shown["live"]), list(shown["windows"])


def test_it_counts_what_there_is(evse):
    shown = facts(superuser(), timezone.now())
    assert (shown["stations"]["online"], shown["stations"]["total"]) == (1, 1)
    assert (shown["evses"]["broken"], shown["evses"]["occupied"]) == (1, 1)
    assert (shown["running"]["count"], shown["energy_today_wh"]) == (1, 2500)
    assert shown["commands"]["percent"] == 100
    assert len(shown["windows"]) == 1


def test_staff_of_another_operator_count_nothing(evse):
    shown = facts(operator_staff(factories.operator()), timezone.now())
    assert shown["stations"]["total"] == shown["evses"]["total"] == shown["running"]["count"] == 0
    assert not shown["live"]
    assert not shown["windows"]


def test_the_page_refreshes_without_its_frame(evse):
    browser = browser_of(superuser())
    assert "<html" in browser.get(reverse("admin:index")).content.decode()
    fragment = browser.get(reverse("admin:index"), headers={"HX-Request": "true"})
    assert "<html" not in fragment.content.decode()
    assert evse.station.identity in fragment.content.decode()


def test_search_finds_stations_in_scope(evse, rf):
    request = rf.get("/")
    request.user = operator_staff(evse.station.operator)
    assert [found.title for found in search(request, evse.station.identity)] == [
        evse.station.identity
    ]
    request.user = operator_staff(factories.operator())
    assert search(request, evse.station.identity) == []


def test_a_demo_says_so(rf, settings):
    settings.DEMO = True
    assert environment(rf.get("/"))
    settings.DEMO = False
    assert environment(rf.get("/")) is None
