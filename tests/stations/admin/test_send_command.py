"""Sending a command from a station's page, and its answer in place."""

import pytest
from django.urls import reverse

from stations.admin.command_forms import FORMS, TITLES
from stations.domain.command import CommandKind, CommandState
from stations.models import Command
from tests import factories
from tests.staff import browser_of, operator_staff, superuser

pytestmark = pytest.mark.django_db

# What a person enters for each kind; the EVSE is filled in where the form asks for one.
ENTERED = {
    CommandKind.RESET: {"type": "Soft"},
    CommandKind.CHANGE_AVAILABILITY: {"availability": "Inoperative"},
    CommandKind.TRIGGER_MESSAGE: {"message": "StatusNotification"},
    CommandKind.GET_CONFIGURATION: {"keys": "HeartbeatInterval, ResetRetries"},
    CommandKind.CHANGE_CONFIGURATION: {"key": "HeartbeatInterval", "value": "300"},
    CommandKind.REMOTE_START: {"token": "04AB12CD"},
    CommandKind.REMOTE_STOP: {"transaction_id": "12"},
    CommandKind.UNLOCK_CONNECTOR: {},
    CommandKind.CLEAR_CACHE: {},
    CommandKind.DATA_TRANSFER: {"vendor_id": "acme"},
    CommandKind.RAW: {"action": "Reset", "payload": '{"type": "Soft"}'},
}


@pytest.fixture
def evse():
    (evse,) = factories.reporting_evses("Available")
    return evse


def send(browser, evse, kind, fields):
    address = reverse("admin:stations_command_send", args=[evse.station_id, kind])
    return browser.post(address, fields)


def test_every_kind_has_a_form_and_a_title():
    assert FORMS.keys() == TITLES.keys() == set(CommandKind) == ENTERED.keys()


@pytest.mark.parametrize("kind", CommandKind)
def test_every_kind_is_queued(evse, kind):
    needs_evse = {"evse": evse.pk} if kind is CommandKind.UNLOCK_CONNECTOR else {}
    page = send(browser_of(superuser()), evse, kind, ENTERED[kind] | needs_evse)
    assert page.status_code == 200
    assert [command.kind for command in Command.objects.all()] == [kind], page.content.decode()


def test_the_answer_replaces_the_waiting_line(evse):
    browser = browser_of(superuser())
    send(browser, evse, CommandKind.RESET, {"type": "Soft"})
    command = Command.objects.get()
    address = reverse("admin:stations_command_answer", args=[command.pk])
    assert "hx-get" in browser.get(address).content.decode()
    Command.objects.update(state=CommandState.ACCEPTED, answer={"status": "Accepted"})
    page = browser.get(address).content.decode()
    assert "hx-get" not in page
    assert "Accepted" in page


def test_an_offline_station_refuses_unless_the_command_may_wait(evse):
    factories.disconnect(evse.station, at=None)
    browser = browser_of(superuser())
    page = send(browser, evse, CommandKind.RESET, {"type": "Soft"}).content.decode()
    assert "is offline" in page
    assert not Command.objects.exists()
    send(browser, evse, CommandKind.RESET, {"type": "Soft", "when_online": "1"})
    assert Command.objects.count() == 1


def test_a_wrong_field_is_named(evse):
    page = send(browser_of(superuser()), evse, CommandKind.CHANGE_CONFIGURATION, {"key": "A"})
    assert "value" in page.content.decode()
    assert not Command.objects.exists()


def test_a_raw_call_needs_its_own_permission(evse):
    staff = operator_staff(evse.station.operator, "view_command", "add_command")
    fields = ENTERED[CommandKind.RAW]
    assert send(browser_of(staff), evse, CommandKind.RAW, fields).status_code == 403


def test_a_foreign_station_is_not_there(evse):
    staff = operator_staff(factories.operator())
    assert send(browser_of(staff), evse, CommandKind.RESET, {"type": "Soft"}).status_code == 404


def test_a_foreign_answer_is_not_there(evse):
    command = factories.command(evse.station)
    staff = operator_staff(factories.operator())
    address = reverse("admin:stations_command_answer", args=[command.pk])
    assert browser_of(staff).get(address).status_code == 404
