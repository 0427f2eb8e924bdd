"""Every page of the back office opens, for those who may see its rows and for nobody else."""

from datetime import timedelta

import pytest
from django.contrib import admin
from django.contrib.auth.models import Group
from django.urls import reverse
from django.utils import timezone
from knox.models import AuthToken

from diagnostics.models import Message
from roaming.models import Delivery, Partner
from scheduling.domain.statuses import WindowSource, WindowStatus
from scheduling.services.windows import set_window
from sessions.models import Token
from stations.models import Node, UnrecognisedStation, User
from tests import factories
from tests.staff import browser_of, operator_staff, superuser

pytestmark = pytest.mark.django_db

MODELS = sorted(admin.site._registry, key=lambda model: model._meta.label)
# Rows that belong to the installation, not to an operator; staff of an operator see none of them,
# and of users only themselves and their colleagues.
STATION_TABS = ("overview", "schedule", "connectors", "commands", "sessions", "change", "history")
LOCATION_TABS = ("boxes", "schedule", "change", "history")


@pytest.fixture
def evse():
    """One row of every kind, all of one operator."""
    now, owner = timezone.now(), factories.operator()
    place = factories.location(operator=owner)
    (evse,) = factories.reporting_evses("Available", operator=owner, location=place)
    factories.session(evse.station, evse=evse)
    factories.command(evse.station)
    factories.account(operator=owner)
    factories.node()
    Token.objects.create(operator=owner, uid="04AB12CD", key="04AB12CD")
    set_window(target=evse, status=WindowStatus.MAINTENANCE, source=WindowSource.STAFF, now=now)
    partner = Partner.objects.create(operator=owner, name="Roamer")
    Delivery.objects.create(
        partner=partner, evse=evse, status="AVAILABLE", created_at=now, published_at=now, due_at=now
    )
    Message.objects.create(
        received_at=now,
        station=evse.station,
        direction="in",
        action="Authorize",
        message_id="1",
        payload='{"idTag": "04AB12CD"}',
        answer='{"idTagInfo": {"status": "Accepted"}}',
        outcome="result",
    )
    UnrecognisedStation.objects.create(
        identity="CS404", reason="unknown", first_at=now - timedelta(hours=1), last_at=now
    )
    colleague = operator_staff(owner, "view_station")
    AuthToken.objects.create(user=colleague)
    Group.objects.get_or_create(name="Staff")
    return evse


def name_of(model):
    return f"admin:{model._meta.app_label}_{model._meta.model_name}"


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_list_and_row_open_for_a_superuser(model, evse):
    browser = browser_of(superuser())
    row = model._default_manager.first()
    assert row is not None
    assert browser.get(reverse(f"{name_of(model)}_changelist")).status_code == 200
    assert browser.get(reverse(f"{name_of(model)}_change", args=[row.pk])).status_code == 200
    assert browser.get(reverse(f"{name_of(model)}_history", args=[row.pk])).status_code == 200


@pytest.mark.parametrize("model", MODELS, ids=lambda model: model._meta.label)
def test_staff_of_another_operator_see_no_row(model, evse):
    stranger = operator_staff(factories.operator())
    rows = model._default_manager.exclude(pk__in=_own_rows(model, stranger))
    browser = browser_of(stranger)
    listed = browser.get(reverse(f"{name_of(model)}_changelist")).context["cl"].result_list
    assert set(listed).isdisjoint(rows)
    for page in ("change", "history"):
        address = reverse(f"{name_of(model)}_{page}", args=[rows.first().pk])
        assert browser.get(address).status_code == 404


def _own_rows(model, user):
    label = model._meta.label_lower
    if label == "stations.user":
        return [user.pk]
    if label == "stations.membership":
        return user.memberships.values("pk")
    if label == "stations.operator":
        return user.memberships.values("operator")
    return []


@pytest.mark.parametrize("tab", STATION_TABS)
def test_tabs_of_a_station_open_in_its_scope_only(tab, evse):
    address = reverse(f"admin:stations_station_{tab}", args=[evse.station_id])
    owner = operator_staff(evse.station.operator)
    stranger = operator_staff(factories.operator())
    assert browser_of(owner).get(address).status_code == 200
    assert browser_of(stranger).get(address).status_code == 404


@pytest.mark.parametrize("tab", LOCATION_TABS)
def test_tabs_of_a_location_open_in_its_scope_only(tab, evse):
    address = reverse(f"admin:stations_location_{tab}", args=[evse.station.location_id])
    owner = operator_staff(evse.station.operator)
    stranger = operator_staff(factories.operator())
    assert browser_of(owner).get(address).status_code == 200
    assert browser_of(stranger).get(address).status_code == 404


def test_a_tab_needs_its_permission(evse):
    staff = operator_staff(evse.station.operator, "view_station")
    address = reverse("admin:stations_station_commands", args=[evse.station_id])
    assert browser_of(staff).get(address).status_code == 403


def test_navigation_names_only_what_the_user_may_see(evse):
    staff = operator_staff(evse.station.operator, "view_station")
    page = browser_of(staff).get(reverse("admin:index")).content.decode()
    assert reverse("admin:stations_station_changelist") in page
    assert f'href="{reverse("admin:charging_token_changelist")}"' not in page


def test_a_foreign_row_cannot_be_chosen(evse):
    staff = operator_staff(factories.operator())
    address = reverse("admin:stations_account_add")
    fields = {"operator": evse.station.operator_id, "name": "Mine", "time_zone": "UTC"}
    page = browser_of(staff).post(address, fields)
    assert "operator" in page.context["adminform"].form.errors
    assert not evse.station.operator.accounts.filter(name="Mine").exists()


def test_staff_cannot_hand_out_rights(evse):
    staff = operator_staff(evse.station.operator)
    colleague = User.objects.get(pk=AuthToken.objects.get().user_id)
    address = reverse("admin:stations_user_change", args=[colleague.pk])
    browser_of(staff).post(address, {"username": colleague.username, "is_superuser": "on"})
    colleague.refresh_from_db()
    assert not colleague.is_superuser


def test_another_language_is_kept_for_the_user():
    user = superuser()
    browser_of(user).post(reverse("admin:stations_user_language"), {"language": "nl"})
    user.refresh_from_db()
    assert user.language == "nl"


def test_a_node_is_read_only(evse):
    node = Node.objects.first()
    address = reverse("admin:stations_node_change", args=[node.pk])
    assert browser_of(superuser()).post(address, {"name": "other"}).status_code == 403


@pytest.mark.parametrize("name", ["nonsense/change", "1/nonsense", "nonsense/history"])
def test_addresses_of_nothing_are_not_found(name):
    page = browser_of(superuser()).get(f"/admin/stations/location/{name}/", follow=True)
    assert page.status_code == 404


def test_a_station_is_shown_whose_connectors_have_reported_nothing():
    evse = factories.evse(factories.station())
    address = reverse("admin:stations_station_overview", args=[evse.station_id])
    assert "Connector 1 reports" in browser_of(superuser()).get(address).text
