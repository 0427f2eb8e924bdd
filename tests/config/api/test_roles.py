"""What roles may write: reading is one thing, changing another."""

import pytest

from config.api import router
from scheduling.models import StatusWindow
from stations.domain.roles import IntegratorGroup, Role
from stations.models import Account, Command, Membership, User
from tests import factories
from tests.callers import caller
from tests.config.api.world import COMMANDS_OF_A_STATION, make_world

pytestmark = pytest.mark.django_db
READ_BY_ACCOUNTS = {"locations", "stations", "status-windows", "evses", "connectors"}
WRITABLE = [
    prefix
    for prefix, viewset, _ in router.registry
    if hasattr(viewset, "update") and not prefix.endswith("/commands")
]


@pytest.fixture
def world():
    return make_world()


def with_role(world, role, *, account=None):
    """Return a program with every permission that holds one role."""
    program = caller(IntegratorGroup.FULL_API, world.operator)
    seat = Membership.objects.get(user=User.objects.latest("pk"))
    seat.role, seat.account = role, account
    seat.operator = None if account else world.operator
    seat.save()
    return program


def owned_by(world, field):
    account = Account.objects.get(pk=world.details["accounts"].split("/")[1])
    setattr(world.station, field, account)
    world.station.save()
    world.station.location.account = account
    world.station.location.save()
    return account


@pytest.mark.parametrize("prefix", WRITABLE)
def test_read_only_sees_and_changes_nothing(world, prefix):
    program = with_role(world, Role.READ_ONLY)
    assert program.get(world.details[prefix]).status_code == 200
    assert program.patch(world.details[prefix]).status_code == 403
    assert program.delete(world.details[prefix]).status_code in {403, 405}


@pytest.mark.parametrize("prefix", WRITABLE)
@pytest.mark.parametrize("role", [Role.OPERATOR_ADMIN, Role.OPERATOR_STAFF, Role.INTEGRATOR])
def test_staff_changes_rows_and_the_administrator_the_operator(world, prefix, role):
    status = with_role(world, role).patch(world.details[prefix]).status_code
    is_refused = prefix == "operators" and role is not Role.OPERATOR_ADMIN
    assert status == (403 if is_refused else 200)


def test_read_only_makes_no_row_and_sends_no_command(world):
    program = with_role(world, Role.READ_ONLY)
    commands, station = world.listed_at(COMMANDS_OF_A_STATION), world.station.identity
    assert program.post(commands, {"kind": "clear_cache"}).status_code == 403
    window = {"station": station, "status": "OUT_OF_ORDER"}
    assert program.post("status-windows/", window).status_code == 403
    new = {"name": "New", "operator": world.operator.pk}
    for path in ("accounts/", "locations/", "partners/"):
        assert program.post(path, new).status_code == 403
    assert Command.objects.count() == 1


def test_nothing_is_moved_to_where_one_only_reads(world):
    program = with_role(world, Role.OPERATOR_STAFF)
    other = factories.operator()
    Membership.objects.create(user=User.objects.latest("pk"), role=Role.READ_ONLY, operator=other)
    token = world.details["tokens"]
    assert program.patch(token, {"operator": other.pk}).status_code == 403


@pytest.mark.parametrize("role", [Role.ACCOUNT_ADMIN, Role.LOCATIONS_FACILITATOR])
def test_owners_change_their_own_places(world, role):
    program = with_role(world, role, account=owned_by(world, "account"))
    for prefix in ("locations", "stations"):
        assert program.patch(world.details[prefix]).status_code == 200
    assert program.patch(world.details["accounts"]).status_code == 403
    window = {"station": world.station.identity, "status": "OUT_OF_ORDER"}
    window |= {"starts_at": "2030-01-01T00:00Z", "ends_at": "2030-01-02T00:00Z"}
    StatusWindow.objects.all().delete()
    assert program.post("status-windows/", window).status_code == 201


def test_billing_administrators_write_nothing(world):
    program = with_role(world, Role.BILLING_ADMIN, account=owned_by(world, "account"))
    for prefix in ("locations", "stations"):
        assert program.patch(world.details[prefix]).status_code == 403


def test_technicians_send_commands_and_say_that_they_work(world):
    account = owned_by(world, "field_service_account")
    program = with_role(world, Role.FIELD_SERVICE_TECHNICIAN, account=account)
    factories.connect(world.station)
    commands = world.listed_at(COMMANDS_OF_A_STATION)
    assert program.post(commands, {"kind": "clear_cache"}).status_code == 202
    assert program.patch(world.details["stations"]).status_code == 403
    times = {"starts_at": "2030-01-01T00:00Z", "ends_at": "2030-01-02T00:00Z"}
    window = {"station": world.station.identity} | times
    StatusWindow.objects.all().delete()
    answers = {
        status: program.post("status-windows/", window | {"status": status}).status_code
        for status in ("OUT_OF_ORDER", "MAINTENANCE")
    }
    assert answers == {"OUT_OF_ORDER": 403, "MAINTENANCE": 201}


@pytest.mark.parametrize("prefix", ["locations", "accounts"])
def test_what_is_in_use_keeps_its_operator(world, prefix):
    owned_by(world, "account")
    other = {"operator": factories.operator().pk}
    answer = caller().patch(world.details[prefix], other)
    assert answer.status_code == 400
    assert "operator" in answer.json()["errors"]
