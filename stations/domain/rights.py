"""Who may change another user: nobody may take over rights that they do not have."""

from dataclasses import dataclass

from stations.domain.roles import Role


@dataclass(frozen=True, slots=True)
class Seat:
    """A membership; `operator` is the operator of the account where it is one of an account."""

    role: Role
    operator: int
    account: int | None = None


@dataclass(frozen=True, slots=True)
class Rights:
    """All that a user may do and see, whether or not the user is active just now."""

    seats: frozenset[Seat] = frozenset()
    permissions: frozenset[str] = frozenset()
    sees_all_operators: bool = False
    is_superuser: bool = False


def administered(rights: Rights) -> frozenset[int]:
    """Return the operators whose settings and memberships are theirs to change."""
    return frozenset(seat.operator for seat in rights.seats if seat.role is Role.OPERATOR_ADMIN)


def may_govern(caller: Rights, target: Rights) -> bool:
    """Say whether `caller` may change password, name, access and memberships of `target`.

    Only where the target could do nothing that the caller cannot: whoever sets a password can
    sign in with it.
    """
    if caller.is_superuser:
        return True
    if target.is_superuser or (target.sees_all_operators and not caller.sees_all_operators):
        return False
    if not target.permissions <= caller.permissions:
        return False
    operators = administered(caller)
    foreign = {seat for seat in target.seats - caller.seats if seat.operator not in operators}
    return caller.sees_all_operators or not foreign
