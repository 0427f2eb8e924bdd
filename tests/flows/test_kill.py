"""Whatever was answered is in the database, though the server is killed under load."""

import asyncio

import pytest

from tests.flows.conftest import server_of_size
from tests.flows.load import Answered, RawStation

pytestmark = [pytest.mark.xdist_group("flows-kill"), pytest.mark.django_db]

KILLS = 10
STATIONS = 24
ANSWERS_BEFORE_A_KILL = 250


async def test_nothing_that_was_answered_is_lost_when_the_server_is_killed(installation, databases):
    answered = Answered()
    for number in range(KILLS):
        with installation.serve("--server", server_of_size()) as office:
            if not number:
                (operator,) = await office.api.list("operators/")
                await office.api.patch(f"operators/{operator['id']}/", unknown_stations="accept")
                await office.api.post("tokens/", uid="LOOP")
            await _kill_under_load(office, answered)
        assert answered.wrong == []
        assert _lost(databases, installation.database_url, answered) == []
    assert len(answered.message_ids) >= KILLS * ANSWERS_BEFORE_A_KILL


async def _kill_under_load(office, answered):
    stations = [RawStation(office.ws_url, f"RAW-{number}", answered) for number in range(STATIONS)]
    async with asyncio.TaskGroup() as group:
        for station in stations:
            group.create_task(station.work())
        await answered.grow_by(ANSWERS_BEFORE_A_KILL)
        office.kill()


def _lost(databases, url, answered):
    logged = databases.rows(url, "SELECT message_id FROM diagnostics_message")
    sessions = dict(databases.rows(url, "SELECT id, ended_at FROM charging_session"))
    statuses = dict(
        databases.rows(
            url,
            "SELECT station.identity, state.status FROM stations_connectorstate AS state"
            " JOIN stations_connector AS connector ON connector.id = state.connector_id"
            " JOIN stations_station AS station ON station.id = connector.station_id",
        )
    )
    return [
        *(answered.message_ids - {message_id for (message_id,) in logged}),
        *(answered.started - sessions.keys()),
        *(each for each in answered.stopped if sessions[each] is None),
        *(
            identity
            for identity, possible in answered.statuses.items()
            if statuses[identity] not in possible
        ),
    ]
