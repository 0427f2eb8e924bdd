import pytest

from stations.domain.rights import Rights, Seat, may_govern
from stations.domain.roles import Role

ADMIN_A, STAFF_A = Seat(Role.OPERATOR_ADMIN, 1), Seat(Role.OPERATOR_STAFF, 1)
ADMIN_B, OWNER_A = Seat(Role.OPERATOR_ADMIN, 2), Seat(Role.ACCOUNT_ADMIN, 1, 7)


def rights(*seats, may=(), **flags):
    return Rights(frozenset(seats), frozenset(may), **flags)


@pytest.mark.parametrize(
    ("caller", "target", "allowed"),
    [
        (rights(STAFF_A), rights(STAFF_A), True),
        (rights(STAFF_A), rights(ADMIN_A), False),
        (rights(STAFF_A), rights(OWNER_A), False),
        (rights(ADMIN_A), rights(STAFF_A, OWNER_A), True),
        (rights(ADMIN_A), rights(STAFF_A, ADMIN_B), False),
        (rights(ADMIN_A), rights(STAFF_A, may=["raw"]), False),
        (rights(ADMIN_A, may=["raw"]), rights(STAFF_A, may=["raw"]), True),
        (rights(ADMIN_A), rights(sees_all_operators=True), False),
        (rights(sees_all_operators=True), rights(ADMIN_A, ADMIN_B), True),
        (rights(sees_all_operators=True), rights(ADMIN_A, may=["raw"]), False),
        (rights(sees_all_operators=True), rights(is_superuser=True), False),
        (rights(is_superuser=True), rights(is_superuser=True, may=["raw"]), True),
    ],
)
def test_nobody_takes_over_rights_that_they_lack(caller, target, allowed):
    assert may_govern(caller, target) is allowed
