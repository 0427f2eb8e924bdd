"""The message log in the back office: never counted, sought by id, shown live."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse
from django.utils import timezone

from diagnostics.models import Message
from tests import factories
from tests.staff import browser_of, operator_staff, superuser

pytestmark = pytest.mark.django_db
LIST = "admin:diagnostics_message_changelist"
ROWS = "admin:diagnostics_message_rows"


@pytest.fixture
def browser():
    return browser_of(superuser())


def message(station, action="Heartbeat", **fields):
    values = {"direction": "in", "message_id": "1", "payload": '{"a": 1}', "answer": "{}"}
    values |= {"outcome": "result", "received_at": timezone.now()}
    return Message.objects.create(station=station, action=action, **values | fields)


def shown(page):
    return [row.pk for row in page.context["cl"].result_list]


def test_the_log_is_never_counted(browser):
    message(factories.station())
    with CaptureQueriesContext(connection) as captured:
        browser.get(reverse(LIST))
    assert not [query for query in captured if "COUNT(" in query["sql"]]


def test_older_rows_are_sought_below_the_last_id(browser):
    station = factories.station()
    rows = [message(station) for _ in range(101)]
    first = browser.get(reverse(LIST))
    assert shown(first) == [row.pk for row in reversed(rows[1:])]
    assert f"id__lt={rows[1].pk}" in first.content.decode()
    assert shown(browser.get(reverse(LIST), {"id__lt": rows[1].pk})) == [rows[0].pk]
    assert len(shown(browser.get(reverse(LIST), {"all": ""}))) == 100


@pytest.mark.parametrize(
    "filters",
    [
        {"errors": "only"},
        {"actions": ["Reset", "Authorize"]},
        {"direction__exact": "out"},
        {"outcome__exact": "error"},
    ],
)
def test_filters(browser, filters):
    station = factories.station()
    message(station)
    wanted = message(station, "Reset", direction="out", outcome="error", error_code="GenericError")
    assert shown(browser.get(reverse(LIST), filters)) == [wanted.pk]


def test_request_and_answer_are_shown_as_a_pair(browser):
    row = message(factories.station(), answer='{"status": "Accepted"}')
    page = browser.get(reverse("admin:diagnostics_message_change", args=[row.pk]))
    assert "&quot;status&quot;: &quot;Accepted&quot;" in page.content.decode()


def test_the_live_tail_gives_what_came_since(browser):
    station = factories.station(identity="CS-LIVE")
    first = message(station, "BootNotification")
    page = browser.get(reverse(ROWS))
    assert page["X-Last-Id"] == str(first.pk)
    second = message(station, "Authorize")
    later = browser.get(reverse(ROWS), {"after": page["X-Last-Id"]})
    assert later["X-Last-Id"] == str(second.pk)
    assert f'data-id="{second.pk}"' in later.content.decode()


@pytest.mark.parametrize("asked", [{"station": "CS-A"}, {"action": "Reset"}, {"direction": "out"}])
def test_the_live_tail_is_filtered(browser, asked):
    message(factories.station(identity="CS-B"), "Authorize")
    wanted = message(factories.station(identity="CS-A"), "Reset", direction="out")
    assert [row.pk for row in browser.get(reverse(ROWS), asked).context["exchanges"]] == [wanted.pk]


def test_a_senseless_id_starts_anew(browser):
    row = message(factories.station())
    page = browser.get(reverse(ROWS), {"after": "9' OR 1=1"})
    assert page["X-Last-Id"] == str(row.pk)


def test_payloads_of_stations_are_no_markup(browser):
    message(factories.station(), payload='{"a": "<script>alert(1)</script>"}')
    assert "<script>alert" not in browser.get(reverse(ROWS)).content.decode()


def test_foreign_messages_are_not_in_the_tail():
    message(factories.station())
    staff = operator_staff(factories.operator())
    assert not browser_of(staff).get(reverse(ROWS)).context["exchanges"]


def test_the_tail_needs_the_permission_to_view_messages():
    staff = operator_staff(factories.operator(), "view_station")
    assert browser_of(staff).get(reverse("admin:diagnostics_message_live")).status_code == 403
