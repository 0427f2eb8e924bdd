import pytest

from config.api import router
from stations.domain.roles import IntegratorGroup
from tests import factories
from tests.callers import Caller, caller
from tests.config.api.world import World, make_world

pytestmark = pytest.mark.django_db

PREFIXES = [prefix for prefix, _, _ in router.registry]
NESTED = next(prefix for prefix in PREFIXES if prefix.endswith("/commands"))
TOP = [prefix for prefix in PREFIXES if prefix != NESTED]
WRITES = ("post", "patch", "delete")
SENSORS_READ = {"evses", "locations", "stations", "status-windows", "temporary-evse-statuses"}
SENSORS_WRITE = {"status-windows", "temporary-evse-statuses"}
SENSORS = (IntegratorGroup.PARKING_SENSOR, IntegratorGroup.BOOKING_SYSTEM)


@pytest.fixture
def world() -> World:
    return make_world()


def _write(program: Caller, method: str, prefix: str, world: World) -> int:
    is_new = method == "post" or prefix == NESTED
    path = world.listed_at(prefix) if is_new else world.details[prefix]
    return int(getattr(program, method)(path).status_code)


def test_the_world_has_a_row_of_every_resource(world):
    assert set(world.details) == set(TOP)


@pytest.mark.parametrize("prefix", PREFIXES)
def test_nobody_gets_in_without_a_token(world, prefix):
    answers = [Caller().get(world.listed_at(prefix))]
    answers += [getattr(Caller(), method)(world.listed_at(prefix)) for method in WRITES]
    assert {answer.status_code for answer in answers} == {401}
    assert answers[0]["WWW-Authenticate"] == "Token"


@pytest.mark.parametrize("prefix", TOP)
@pytest.mark.parametrize("group", [IntegratorGroup.FULL_API, IntegratorGroup.READ_ONLY])
def test_who_may_read_sees_the_row_in_list_and_detail(world, prefix, group):
    program = caller(group, world.operator)
    listed = program.get(world.listed_at(prefix))
    assert listed.status_code == 200, listed.content
    assert set(listed.json()) == {"next", "previous", "results"}
    detail = program.get(world.details[prefix])
    assert detail.status_code == 200, detail.content
    assert detail.json() in listed.json()["results"]


def test_the_commands_of_a_station_are_listed(world):
    program = caller(IntegratorGroup.READ_ONLY, world.operator)
    assert len(program.get(world.listed_at(NESTED)).json()["results"]) == 1


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("method", WRITES)
def test_read_only_writes_nothing(world, prefix, method):
    program = caller(IntegratorGroup.READ_ONLY, world.operator)
    assert _write(program, method, prefix, world) == 403


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("group", SENSORS)
def test_sensors_and_booking_systems_read_only_what_they_need(world, prefix, group):
    status = caller(group, world.operator).get(world.listed_at(prefix)).status_code
    assert status == (200 if prefix in SENSORS_READ else 403)


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("method", WRITES)
def test_a_parking_sensor_writes_no_more_than_statuses(world, prefix, method):
    program = caller(IntegratorGroup.PARKING_SENSOR, world.operator)
    status = _write(program, method, prefix, world)
    is_empty_post = prefix in SENSORS_WRITE and method == "post"
    assert status == (400 if is_empty_post else 403)


@pytest.mark.parametrize("prefix", PREFIXES)
@pytest.mark.parametrize("method", WRITES)
def test_full_access_is_stopped_by_no_permission(world, prefix, method):
    status = _write(caller(), method, prefix, world)
    assert status in {200, 204, 400, 405, 409}, status


@pytest.mark.parametrize("prefix", TOP)
def test_another_operator_does_not_exist(world, prefix):
    stranger = caller(IntegratorGroup.FULL_API, factories.operator())
    seen = stranger.get(world.listed_at(prefix)).json()["results"]
    assert len(seen) == (1 if prefix == "operators" else 0)
    assert stranger.get(world.details[prefix]).status_code == 404
    for method in ("patch", "delete"):
        assert _write(stranger, method, prefix, world) in {404, 405}


def test_the_commands_of_another_operators_station_do_not_exist(world):
    stranger = caller(IntegratorGroup.FULL_API, factories.operator())
    assert stranger.get(world.listed_at(NESTED)).status_code == 404
    answer = stranger.post(world.listed_at(NESTED), {"kind": "clear_cache"})
    assert answer.status_code == 404


def test_a_token_without_operators_sees_nothing(world):
    program = caller(IntegratorGroup.READ_ONLY)
    assert program.get("stations/").json()["results"] == []
