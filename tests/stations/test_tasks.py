"""Tests of the tasks for stations."""

import pytest

from stations.models import Command
from stations.tasks import send_station_command
from tests import factories

pytestmark = pytest.mark.django_db


def test_a_task_queues_a_command_that_waits_for_its_station():
    station = factories.station()
    command_id = send_station_command(station.identity, "reset", {"type": "Soft"})
    command = Command.objects.get(pk=command_id)
    assert (command.station, command.source, command.state) == (station, "task", "queued")
