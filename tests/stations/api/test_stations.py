import pytest

from stations.domain.roles import IntegratorGroup
from stations.models import Station
from stations.services.credentials import is_password
from tests import factories
from tests.callers import caller

pytestmark = pytest.mark.django_db

PASSWORD = "0123456789abcdef0123456789abcdef01234567"
BAD_STATIONS = [
    ({}, "identity"),
    ({"identity": ""}, "identity"),
    ({"identity": "a b"}, "identity"),
    ({"identity": "a/b"}, "identity"),
    ({"identity": "a\n"}, "identity"),
    ({"identity": "x" * 49}, "identity"),
    ({"identity": "KNOWN"}, "identity"),
    ({"identity": 5.5, "operator": "one"}, "operator"),
    ({"identity": "A", "operator": 999999}, "operator"),
    ({"identity": "A", "setup_state": "active"}, "setup_state"),
    ({"identity": "A", "password": "short"}, "password"),
    ({"identity": "A", "vendor": "a\0b"}, "vendor"),
    ({"identity": "A", "vendor": "v" * 256}, "vendor"),
    ({"identity": "A", "serial": "1"}, "serial"),
    ({"identity": "A", "location": {"id": 1}}, "location"),
    ({"identity": "A", "free_for_all": "maybe"}, "free_for_all"),
]


@pytest.fixture
def operator():
    return factories.operator(is_default=True)


@pytest.mark.parametrize(("body", "field"), BAD_STATIONS)
def test_a_bad_station_is_refused_by_field(operator, body, field):
    factories.station(identity="KNOWN", operator=operator)
    answer = caller().post("stations/", body)
    assert answer.status_code == 400, answer.content
    assert list(answer.json()["errors"]) == [field]
    assert Station.objects.count() == 1


@pytest.mark.parametrize("body", [b"[]", b'"text"', b"5", b"null", b""])
def test_a_body_that_is_no_object_is_refused(operator, body):
    assert caller().post_text("stations/", body).status_code == 400


@pytest.mark.parametrize(
    ("body", "kind", "status"),
    [
        (b"{", "application/json", 400),
        (b'{"identity": NaN}', "application/json", 400),
        (b'{"identity": "\\ud800"}', "application/json", 400),
        (b"\xff", "application/json", 400),
        (b"identity=A", "application/x-www-form-urlencoded", 415),
        (b" " * 3_000_000, "application/json", 413),
    ],
)
def test_what_is_no_json_is_refused(operator, body, kind, status):
    answer = caller().post_text("stations/", body, kind)
    assert answer.status_code == status
    assert answer["Content-Type"] == "application/problem+json"


def test_an_identity_alone_makes_a_station_of_the_default_operator(operator):
    factories.operator()
    answer = caller().post("stations/", {"identity": "CS*1"})
    assert answer.status_code == 201, answer.content
    body = answer.json()
    assert body["operator"] == operator.pk
    assert (body["registration"], body["setup_state"]) == ("Accepted", "SETUP")
    assert (body["roaming_allowed"], body["free_for_all"]) == (True, False)
    assert (body["online"], body["last_seen_at"], body["evses"]) == (False, None, [])


def test_a_password_goes_in_and_never_comes_out(operator):
    program = caller()
    body = program.post("stations/", {"identity": "CS1", "password": PASSWORD}).json()
    assert body["has_password"] is True
    assert "password" not in body
    station = Station.objects.get()
    assert is_password(bytes.fromhex(PASSWORD), station.password_digest)
    assert program.patch("stations/CS1/", {"password": ""}).json()["has_password"] is False


def test_a_station_is_found_by_its_identity(operator):
    for identity in ("CS1", "cs1", "CS.1|x@y"):
        factories.station(identity=identity, operator=operator)
    program = caller()
    assert program.get("stations/CS.1|x@y/").json()["identity"] == "CS.1|x@y"
    found = program.get("stations/", {"identity": "CS1"}).json()["results"]
    assert [row["identity"] for row in found] == ["CS1"]


def test_stations_are_filtered_by_being_online(operator):
    online, offline = (factories.station(operator=operator) for _ in range(2))
    factories.connect(online)
    for wanted, station in (("true", online), ("false", offline)):
        found = caller().get(f"stations/?online={wanted}").json()["results"]
        assert [row["identity"] for row in found] == [station.identity]


def test_a_held_station_that_becomes_active_is_accepted(operator):
    station = factories.station(identity="CS1", operator=operator, registration="Pending")
    program = caller()
    location = factories.location(operator=operator)
    body = program.patch("stations/CS1/", {"location": location.pk}).json()
    assert body["registration"] == "Pending"
    body = program.patch("stations/CS1/", {"setup_state": "ACTIVE"}).json()
    assert body["registration"] == "Accepted"
    station.refresh_from_db()
    assert station.registration == "Accepted"


def test_a_rejected_station_stays_rejected_until_that_is_changed(operator):
    factories.station(identity="CS1", operator=operator, registration="Rejected")
    body = caller().patch("stations/CS1/", {"setup_state": "ACTIVE"}).json()
    assert body["registration"] == "Rejected"
    assert caller().patch("stations/CS1/", {"registration": "Accepted"}).status_code == 200


def test_the_commercial_switches_are_kept_beside_the_station(operator):
    factories.station(identity="CS1", operator=operator)
    program = caller()
    body = program.patch("stations/CS1/", {"roaming_allowed": False}).json()
    assert (body["roaming_allowed"], body["free_for_all"]) == (False, False)
    body = program.patch("stations/CS1/", {"free_for_all": True}).json()
    assert (body["roaming_allowed"], body["free_for_all"]) == (False, True)
    assert program.get("stations/CS1/").json() == body


def test_what_was_read_may_be_sent_back(operator):
    factories.station(identity="CS1", operator=operator)
    program = caller()
    body = program.get("stations/CS1/").json()
    answer = program.patch("stations/CS1/", body)
    assert answer.status_code == 200, answer.content


def test_a_station_keeps_its_identity(operator):
    factories.station(identity="CS1", operator=operator)
    answer = caller().patch("stations/CS1/", {"identity": "CS2"})
    assert list(answer.json()["errors"]) == ["identity"]


def test_a_station_cannot_be_given_to_an_operator_one_may_not_see(operator):
    factories.station(identity="CS1", operator=operator)
    other = factories.operator()
    program = caller(IntegratorGroup.FULL_API, operator)
    answer = program.patch("stations/CS1/", {"operator": other.pk})
    assert list(answer.json()["errors"]) == ["operator"]
    assert caller().patch("stations/CS1/", {"operator": other.pk}).status_code == 200


def test_a_location_of_another_operator_does_not_fit(operator):
    factories.station(identity="CS1", operator=operator)
    location = factories.location()
    answer = caller().patch("stations/CS1/", {"location": location.pk})
    assert "another operator" in answer.json()["errors"]["location"][0]
    body = {"location": location.pk, "operator": location.operator_id}
    assert caller().patch("stations/CS1/", body).status_code == 200


def test_a_change_leaves_what_the_station_wrote_meanwhile(operator):
    station = factories.station(identity="CS1", operator=operator)
    update = Station.objects.filter(pk=station.pk).update
    program = caller()
    update(firmware="2.0")
    program.patch("stations/CS1/", {"vendor": "Acme"})
    station.refresh_from_db()
    assert (station.firmware, station.vendor) == ("2.0", "Acme")


def test_who_changed_a_station_and_from_where_is_in_its_history(operator):
    factories.station(identity="CS1", operator=operator)
    caller().patch("stations/CS1/", {"vendor": "Acme"})
    newest = Station.history.first()
    assert newest.history_user.username.startswith("program")
    assert (newest.history_channel, newest.history_address) == ("api", "127.0.0.1")
