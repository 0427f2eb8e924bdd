"""Commands on their way over real sockets: one at a time, settled however they end."""

from concurrent.futures import ThreadPoolExecutor
from datetime import timedelta

import pytest
from django.db import connections

from diagnostics.models import Message
from stations.domain.command import CommandKind, CommandSource, CommandState
from stations.models import Command
from stations.services.commands import send_command
from tests import factories
from tests.stations.sockets import eventually, rows_of, socket_of


@pytest.fixture
def station(back_office):
    return factories.station()


@pytest.fixture
def socket(back_office, station):
    with socket_of(back_office, station) as socket:
        yield socket


@pytest.fixture
def ask(station):
    """Sends a command and waits for its end in a thread of its own."""
    with ThreadPoolExecutor(4) as pool:
        yield lambda kind=CommandKind.CLEAR_CACHE, **options: pool.submit(
            asked, station, kind, **options
        )


def asked(station, kind, **options):
    try:
        return send_command(
            station, kind, source=CommandSource.API, wait=timedelta(seconds=10), **options
        )
    finally:
        connections.close_all()


@pytest.mark.parametrize(
    ("word", "state"),
    [
        ("Accepted", CommandState.ACCEPTED),
        ("Rejected", CommandState.REJECTED),
        ("Perhaps", CommandState.FAILED),
    ],
)
def test_answer_settles_the_command(socket, station, ask, word, state):
    under_way = ask()
    _, message_id, action, payload = socket.receive()
    assert (action, payload) == ("ClearCache", {})
    socket.send([3, message_id, {"status": word}])
    assert under_way.result().state == state
    row = eventually(lambda: Message.objects.filter(direction="out").first())
    assert (row.action, row.message_id, row.outcome) == ("ClearCache", message_id, "result")
    assert row.answer == f'{{"status":"{word}"}}'


@pytest.mark.parametrize(
    ("code", "state"),
    [("NotImplemented", CommandState.REJECTED), ("InternalError", CommandState.FAILED)],
)
def test_error_settles_the_command(socket, station, ask, code, state):
    under_way = ask()
    socket.send([4, socket.receive()[1], code, "no", {}])
    command = under_way.result()
    assert (command.state, command.error_code) == (state, code)
    assert rows_of(station)[-1].outcome == "error"


@pytest.mark.parametrize("answer", [[], "Accepted", {"status": "a\0b"}])
def test_malformed_answer_fails_the_command(socket, ask, answer):
    under_way = ask()
    socket.send([3, socket.receive()[1], answer])
    assert under_way.result().state == CommandState.FAILED
    assert socket.is_alive()


def test_late_answer_after_a_time_out_changes_nothing(socket, station, ask):
    under_way = ask(timeout_s=1)
    _, message_id, *_ = socket.receive()
    assert under_way.result().state == CommandState.TIMED_OUT
    socket.send([3, message_id, {"status": "Accepted"}])
    assert socket.is_alive()
    assert Command.objects.get().state == CommandState.TIMED_OUT
    assert {row.outcome for row in rows_of(station)} == {"timed_out", "unmatched"}


def test_next_command_goes_after_a_time_out(socket, ask):
    silent = ask(timeout_s=1)
    _, unanswered, *_ = socket.receive()
    next_one = ask()
    _, message_id, *_ = socket.receive()
    assert message_id != unanswered
    socket.send([3, message_id, {"status": "Accepted"}])
    assert silent.result().state == CommandState.TIMED_OUT
    assert next_one.result().state == CommandState.ACCEPTED


def test_socket_that_closes_ends_the_command(back_office, station, ask):
    with socket_of(back_office, station) as socket:
        under_way = ask()
        socket.receive()
    assert under_way.result().state == CommandState.TIMED_OUT


def test_one_call_is_under_way_at_a_time(socket, ask):
    commands = [ask() for _ in range(3)]
    for _ in commands:
        _, message_id, *_ = socket.receive()
        assert socket.is_alive()  # nothing else has come before this answer
        socket.send([3, message_id, {"status": "Accepted"}])
    assert {command.result().state for command in commands} == {CommandState.ACCEPTED}


def test_station_is_served_while_a_command_is_under_way(socket, ask):
    under_way = ask()
    _, message_id, *_ = socket.receive()
    assert socket.is_alive()
    socket.send([3, message_id, {"status": "Accepted"}])
    assert under_way.result().state == CommandState.ACCEPTED


def test_command_waits_for_a_station_that_is_offline(back_office, station, ask):
    under_way = ask(expires_in=timedelta(minutes=1))
    eventually(lambda: Command.objects.exists())
    with socket_of(back_office, station) as socket:
        socket.send([3, socket.receive()[1], {"status": "Accepted"}])
        assert under_way.result().state == CommandState.ACCEPTED


def test_secret_of_a_command_is_not_in_its_row(socket, station, ask):
    secret = "00112233445566778899aabbccddeeff00112233"
    params = {"key": "AuthorizationKey", "value": secret}
    under_way = ask(CommandKind.CHANGE_CONFIGURATION, params=params)
    _, message_id, _, payload = socket.receive()
    assert payload["value"] == secret
    socket.send([3, message_id, {"status": "Accepted"}])
    under_way.result()
    row = rows_of(station)[-1]
    assert secret not in row.payload
    assert '"***"' in row.payload
