import pytest
from django.contrib.auth.models import Group, Permission

from stations.domain.roles import IntegratorGroup
from stations.models import Command
from tests import factories
from tests.callers import caller

pytestmark = pytest.mark.django_db

BAD_COMMANDS = [
    ({}, "kind"),
    ({"kind": "explode"}, "kind"),
    ({"kind": "reset"}, "type"),
    ({"kind": "reset", "params": {"type": "Gently"}}, "type"),
    ({"kind": "clear_cache", "params": {"all": True}}, "all"),
    ({"kind": "clear_cache", "params": []}, "params"),
    ({"kind": "clear_cache", "wait": 31}, "wait"),
    ({"kind": "clear_cache", "wait": -1}, "wait"),
    ({"kind": "clear_cache", "expires_in": 0}, "expires_in"),
    ({"kind": "clear_cache", "evse": "NL*XXX*E1"}, "evse"),
    ({"kind": "clear_cache", "raw": {"action": "ClearCache"}}, "kind"),
    ({"kind": "data_transfer", "params": {"vendor_id": "a", "data": "\0"}}, "params"),
    ({"raw": {"payload": {}}}, "raw"),
    ({"kind": "clear_cache", "timeout": 5}, "timeout"),
]


@pytest.fixture
def station():
    station = factories.station(identity="CS1")
    factories.connect(station)
    return station


@pytest.mark.parametrize(("body", "field"), BAD_COMMANDS)
def test_a_bad_command_is_refused_by_field(station, body, field):
    answer = caller().post("stations/CS1/commands/", body)
    assert answer.status_code == 400, answer.content
    assert list(answer.json()["errors"]) == [field]
    assert not Command.objects.exists()


def test_a_command_under_way_is_accepted_as_a_resource(station):
    program = caller()
    body = {"kind": "reset", "params": {"type": "soft"}}
    answer = program.post("stations/CS1/commands/", body)
    assert answer.status_code == 202
    command = answer.json()
    assert (command["state"], command["params"]) == ("queued", {"type": "Soft"})
    assert command["actor"].startswith("program")
    assert program.get(f"commands/{command['id']}/").json() == command
    assert program.get("stations/CS1/commands/").json()["results"] == [command]


def test_an_offline_station_is_a_conflict_unless_the_command_may_wait():
    factories.station(identity="CS1")
    program = caller()
    answer = program.post("stations/CS1/commands/", {"kind": "clear_cache"})
    assert answer.status_code == 409
    assert "offline" in answer.json()["detail"]
    body = {"kind": "clear_cache", "expires_in": 3600}
    assert program.post("stations/CS1/commands/", body).status_code == 202


def test_any_call_needs_its_own_permission(station):
    body = {"raw": {"action": "ClearCache", "payload": {}}}
    program = caller(IntegratorGroup.FULL_API)
    assert program.post("stations/CS1/commands/", body).status_code == 202
    _without_raw_commands()
    assert program.post("stations/CS1/commands/", body).status_code == 403
    body = {"kind": "raw", "params": {"action": "ClearCache", "payload": {}}}
    assert program.post("stations/CS1/commands/", body).status_code == 403


def _without_raw_commands():
    raw = Permission.objects.get(codename="send_raw_command")
    Group.objects.get(name=IntegratorGroup.FULL_API).permissions.remove(raw)


def test_the_evse_of_another_station_does_not_fit(station):
    other = factories.evse(factories.station())
    body = {"kind": "unlock_connector", "evse": str(other.uid)}
    answer = caller().post("stations/CS1/commands/", body)
    assert list(answer.json()["errors"]) == ["evse"]


def test_with_a_wait_the_answer_of_the_station_comes_back(station, monkeypatch):
    def settle_meanwhile(_: float) -> None:
        Command.objects.update(state="accepted", answer={"status": "Accepted"})

    monkeypatch.setattr("stations.services.commands.time.sleep", settle_meanwhile)
    answer = caller().post("stations/CS1/commands/", {"kind": "clear_cache", "wait": 20})
    assert answer.status_code == 200
    assert answer.json()["answer"] == {"status": "Accepted"}


def test_who_waits_waits_for_an_offline_station_too(monkeypatch):
    factories.station(identity="CS1")
    monkeypatch.setattr("stations.services.commands.FIRST_PAUSE_S", 0)
    answer = caller().post("stations/CS1/commands/", {"kind": "clear_cache", "wait": 0.01})
    assert (answer.status_code, answer.json()["state"]) == (202, "queued")


@pytest.mark.parametrize("group", [IntegratorGroup.READ_ONLY])
def test_tokens_in_commands_are_masked_to_readers(station, group):
    body = {"kind": "remote_start", "params": {"token": "04AB12CD"}}
    assert caller().post("stations/CS1/commands/", body).json()["params"]["token"] == "04AB12CD"
    shown = caller(group, station.operator).get("commands/").json()["results"][0]
    assert shown["params"]["token"] == "••••12CD"
