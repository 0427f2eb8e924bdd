"""New passwords of stations, sent over OCPP."""

from http import HTTPStatus

import pytest
from django.utils import timezone

from stations.domain.command import CommandKind, CommandSource
from stations.domain.ocpp_version import OcppVersion
from stations.models import Station
from stations.ocpp.frames import CallResult
from stations.ocpp.pump import Answer, CommandPump
from stations.services.commands import send_command
from stations.services.connecting import Knock, load_doors, refusal_of_known
from stations.services.credentials import new_password, set_password
from tests import factories

pytestmark = pytest.mark.django_db
OLD, NEW = new_password(), new_password()


def may_enter(station: Station, password: str | None) -> bool:
    knock = Knock(
        station.identity,
        None,
        OcppVersion.V16,
        "192.0.2.1",
        station.identity if password else None,
        password.encode() if password else None,
    )
    known = load_doors([knock]).stations[station.identity]
    refusal = refusal_of_known(knock, known)
    assert refusal is None or refusal.status == HTTPStatus.UNAUTHORIZED
    return refusal is None


def rotating(*, old: str = OLD):
    """A station to which a new password is under way."""
    station, node = factories.station(), factories.node()
    factories.connect(station, node)
    if old:
        set_password(station, old)
    params = {"key": "AuthorizationKey", "value": NEW}
    send_command(station, CommandKind.CHANGE_CONFIGURATION, params, source=CommandSource.API)
    (call,) = CommandPump().take_queued(node.pk, now=timezone.now())
    return station, call


def answer(call, status: str | None) -> None:
    reply = CallResult(call.message_id, {"status": status}) if status else None
    settled = CommandPump().settle(
        [Answer(call.command_id, OcppVersion.V16, reply)], now=timezone.now()
    )
    assert len(settled.commands) == 1


def test_both_passwords_open_while_the_answer_is_awaited():
    station, _ = rotating()
    assert may_enter(station, OLD)
    assert may_enter(station, NEW)
    assert not may_enter(station, None)


@pytest.mark.parametrize(
    ("status", "old_opens", "new_opens"),
    [("Accepted", False, True), ("Rejected", True, False), (None, True, True)],
)
def test_answer_decides_which_password_opens(status, old_opens, new_opens):
    station, call = rotating()
    answer(call, status)
    assert (may_enter(station, OLD), may_enter(station, NEW)) == (old_opens, new_opens)


def test_station_without_password_is_not_locked_out_by_its_first_one():
    station, call = rotating(old="")
    answer(call, "Accepted")
    assert may_enter(station, None)
    assert may_enter(station, NEW)
