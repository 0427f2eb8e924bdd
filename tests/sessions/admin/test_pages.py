"""Tokens and sessions in the back office."""

import pytest
from django.urls import reverse
from django.utils import timezone

from sessions.models import MeterValue, Token
from tests import factories
from tests.staff import browser_of, superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def browser():
    return browser_of(superuser())


def add_token(browser, uid):
    fields = {"operator": factories.operator().pk, "uid": uid, "type": "rfid", "status": "valid"}
    return browser.post(reverse("admin:charging_token_add"), fields)


def test_a_token_is_compared_without_separators(browser):
    assert add_token(browser, "04:ab:12:cd").status_code == 302
    assert Token.objects.get().key == "04AB12CD"
    assert add_token(browser, "04AB12CD").status_code == 200
    assert Token.objects.count() == 1


def test_tokens_are_masked_in_the_list(browser):
    add_token(browser, "04AB12CD34")
    page = browser.get(reverse("admin:charging_token_changelist")).content.decode()
    assert "CD34" in page
    assert "04AB12CD34" not in page


def test_the_curve_of_a_session_begins_at_zero(browser):
    session = factories.session(factories.station(), start_meter_wh=5000, last_meter_wh=6000)
    MeterValue.objects.create(
        received_at=timezone.now(),
        sampled_at=timezone.now(),
        station=session.station,
        session=session,
        energy_wh=6000,
        power_w=11000,
        samples=[],
    )
    page = browser.get(reverse("admin:charging_chargingsession_change", args=[session.pk]))
    assert (page.context["curve"]["energy"], page.context["curve"]["power"]) == ([1.0], [11.0])


@pytest.mark.parametrize(("running", "count"), [("yes", 1), ("no", 1), ("", 2)])
def test_sessions_are_filtered_by_whether_they_run(browser, running, count):
    station = factories.station()
    factories.session(station)
    factories.session(station, ended_at=timezone.now(), state="ended")
    page = browser.get(reverse("admin:charging_chargingsession_changelist"), {"running": running})
    assert len(page.context["cl"].result_list) == count
