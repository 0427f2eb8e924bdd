"""Pages let people see, and change no more than their roles allow."""

import pytest
from django.urls import reverse

from roaming.models import Partner
from scheduling.models import StatusWindow
from sessions.models import Token
from stations.domain.roles import Role
from stations.models import Command, Location
from tests import api_rows, factories
from tests.staff import browser_of, operator_staff, superuser

pytestmark = pytest.mark.django_db


@pytest.fixture
def evse():
    owner = factories.operator()
    place = factories.location(operator=owner)
    (evse,) = factories.reporting_evses("Available", operator=owner, location=place)
    return evse


@pytest.fixture
def reader(evse):
    """Staff elsewhere with every permission, who may only read here."""
    user = operator_staff(factories.operator())
    user.memberships.create(role=Role.READ_ONLY, operator=evse.station.operator)
    return browser_of(user)


def test_who_only_reads_opens_the_page_and_posts_nothing(evse, reader):
    pages = {
        "admin:stations_station_change": evse.station_id,
        "admin:stations_station_schedule": evse.station_id,
        "admin:stations_station_connectors": evse.station_id,
        "admin:stations_location_change": evse.station.location_id,
        "admin:stations_operator_change": evse.station.operator_id,
    }
    for name, pk in pages.items():
        assert reader.get(reverse(name, args=[pk])).status_code == 200
        assert reader.post(reverse(name, args=[pk]), {}).status_code == 403


def test_who_only_reads_sends_and_sets_nothing(evse, reader):
    send = reverse("admin:stations_command_send", args=[evse.station_id, "clear_cache"])
    assert reader.post(send).status_code == 403
    temporary = reverse("admin:scheduling_statuswindow_temporary", args=[evse.pk])
    assert reader.post(temporary, {"status": "MAINTENANCE"}).status_code == 403
    assert not Command.objects.exists()
    assert not StatusWindow.objects.exists()


@pytest.mark.parametrize("action", ["reset", "update_status", "schedule_window", "delete_selected"])
def test_who_only_reads_acts_on_no_station(evse, reader, action):
    chosen = {"action": action, "_selected_action": [evse.station_id], "post": "yes"}
    fields = chosen | {"confirmed": "yes", "type": "Soft", "status": "MAINTENANCE"}
    answer = reader.post(reverse("admin:stations_station_changelist"), fields)
    assert answer.status_code == 403
    assert not Command.objects.exists()
    assert not StatusWindow.objects.exists()


def test_a_location_in_use_and_a_partner_stay_with_their_operator(evse):
    browser, other = browser_of(superuser()), factories.operator()
    partner = Partner.objects.create(operator=evse.station.operator, name="P", state="registered")
    for row in (evse.station.location, partner):
        name = f"admin:{row._meta.app_label}_{row._meta.model_name}_change"
        page = browser.get(reverse(name, args=[row.pk]))
        assert "operator" not in page.context["adminform"].form.fields
        browser.post(reverse(name, args=[row.pk]), {"operator": other.pk, "name": row.name})
        row.refresh_from_db()
        assert row.operator_id != other.pk


@pytest.mark.parametrize("model", [Location, Token])
def test_the_account_of_another_operator_is_refused(model, evse):
    owner = evse.station.operator
    foreign = factories.account(operator=factories.operator())
    fields = {"operator": owner.pk, "account": foreign.pk, "uid": "04AB", "name": "N", "slug": "n"}
    name = f"admin:{model._meta.app_label}_{model._meta.model_name}_add"
    page = browser_of(superuser()).post(reverse(name), fields)
    assert "account" in page.context["adminform"].form.errors


def test_tokens_are_masked_in_messages_unless_one_may_change_them(evse):
    row = api_rows.message(evse.station, action="Authorize", payload='{"idTag":"04AB12CD"}')
    pages = [
        reverse("admin:diagnostics_message_changelist"),
        reverse("admin:diagnostics_message_change", args=[row.pk]),
        reverse("admin:diagnostics_message_rows"),
        reverse("admin:stations_station_commands", args=[evse.station_id]),
    ]
    staff = operator_staff(evse.station.operator, "view_message", "view_command", "view_station")
    for page in pages:
        shown = browser_of(staff).get(page).content.decode()
        assert "••••12CD" in shown, page
        assert "04AB12CD" not in shown, page
        assert "04AB12CD" in browser_of(superuser()).get(page).content.decode(), page
