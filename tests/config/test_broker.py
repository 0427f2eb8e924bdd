"""A broker that is away is tried again every second, and takes no worker with it."""

import pytest
from kombu.exceptions import OperationalError

from config.broker import SteadyConnection
from config.celery import app


class AwayError(Exception):
    """Ends the attempts."""


def test_celery_uses_it():
    with app.connection_for_read() as connection:
        assert isinstance(connection, SteadyConnection)


def test_pauses_do_not_grow():
    pauses = []

    def note(error, pause):
        pauses.append(pause)
        if len(pauses) == 2:
            raise AwayError

    with SteadyConnection("redis://127.0.0.1:1/0") as connection, pytest.raises(AwayError):
        connection.ensure_connection(note)
    assert pauses == [1, 1]


def test_attempts_end_where_the_caller_says_so():
    with SteadyConnection("redis://127.0.0.1:1/0") as connection, pytest.raises(OperationalError):
        connection.ensure_connection(max_retries=1, interval_start=0)


def test_channel_that_has_lost_its_connection_can_be_closed():
    with SteadyConnection("redis://127.0.0.1:1/0") as connection:
        channel = connection.transport.Channel.__new__(connection.transport.Channel)
        connection.maybe_close_channel(channel)
