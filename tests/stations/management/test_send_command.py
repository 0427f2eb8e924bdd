"""Tests of sending a command from the command line."""

import json
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from stations.models import Command
from stations.services import commands
from tests import factories

pytestmark = pytest.mark.django_db


@pytest.fixture
def answered(monkeypatch):
    """The node's part: every command is settled as soon as somebody waits for it."""

    def settle(command, wait):
        state = "rejected" if command.params.get("type") == "Hard" else "accepted"
        Command.objects.filter(pk=command.pk).update(state=state, answer={"status": state})
        return Command.objects.get(pk=command.pk)

    monkeypatch.setattr(commands, "wait_until_settled", settle)


@pytest.fixture
def station():
    station = factories.station()
    factories.connect(station, factories.node())
    return station


def run(*arguments: str) -> dict[str, object]:
    output = StringIO()
    call_command("send_command", *arguments, stdout=output)
    shown: dict[str, object] = json.loads(output.getvalue())
    return shown


def test_the_answer_is_printed(station, answered):
    evse = factories.evse(station, number=2)
    shown = run(
        station.identity, "change_availability", "--param", "availability=Operative", "--evse", "2"
    )
    assert (shown["state"], shown["answer"]) == ("accepted", {"status": "accepted"})
    assert Command.objects.get().evse == evse


def test_a_raw_call_is_sent(station, answered):
    assert run(station.identity, "--raw", "Odd", '{"a": 1}')["params"] == {
        "action": "Odd",
        "payload": {"a": 1},
    }


def test_a_refusal_by_the_station_is_a_failure(station, answered):
    with pytest.raises(CommandError, match="The command is rejected"):
        run(station.identity, "reset", "--param", "type=Hard")


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        (["reset"], "type: This parameter is required"),
        (["reset", "--param", "type"], "--param type is not NAME=VALUE"),
        (["--raw", "Reset", "{"], "The payload is not JSON"),
        ([], "Name a kind of command"),
    ],
)
def test_a_wrong_request_is_told(station, arguments, message):
    with pytest.raises(CommandError, match=message):
        run(station.identity, *arguments)


def test_an_offline_and_an_unknown_station_are_told():
    with pytest.raises(CommandError, match="is offline"):
        run(factories.station().identity, "clear_cache")
    with pytest.raises(CommandError, match="There is no station NOBODY"):
        run("NOBODY", "clear_cache")
