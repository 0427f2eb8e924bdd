import pytest

from stations.domain.roles import IntegratorGroup
from tests import api_rows, factories
from tests.callers import caller

pytestmark = pytest.mark.django_db


def test_payloads_are_json_and_broken_frames_their_text():
    station = factories.station(identity="CS1")
    api_rows.message(station, payload='{"a":1}', answer='{"status":"Accepted"}')
    api_rows.message(station, payload="[2,", answer="", outcome="malformed", action="")
    broken, sound = caller().get("messages/?station=CS1").json()["results"]
    assert (sound["payload"], sound["answer"]) == ({"a": 1}, {"status": "Accepted"})
    assert (broken["payload"], broken["answer"]) == ("[2,", None)


def test_messages_are_filtered_by_station_action_and_direction():
    station = factories.station(identity="CS1")
    wanted = api_rows.message(station, action="Reset", direction="out")
    api_rows.message(station)
    api_rows.message(factories.station(), action="Reset", direction="out")
    query = "station=CS1&action=Reset&direction=out"
    found = caller().get(f"messages/?{query}").json()["results"]
    assert [row["id"] for row in found] == [str(wanted.pk)]
    assert caller().get("messages/?station=NONE").json()["results"] == []


def test_tokens_are_masked_to_readers():
    row = api_rows.message(factories.station(), payload='{"idTag":"04AB12CD"}')
    program = caller(IntegratorGroup.READ_ONLY, row.station.operator)
    assert program.get("messages/").json()["results"][0]["payload"] == {"idTag": "••••12CD"}
    assert caller().get("messages/").json()["results"][0]["payload"] == {"idTag": "04AB12CD"}
