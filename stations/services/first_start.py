"""What a fresh installation begins with: an operator, its account, a location, an administrator."""

import secrets
from dataclasses import dataclass

from django.db import transaction

from stations.models import Account, Location, Operator, User

ADMIN_NAME = "admin"


@dataclass(frozen=True, slots=True)
class FirstStart:
    """The administrator; `password` is what was set just now, or None."""

    username: str
    password: str | None


@transaction.atomic
def ensure_first_data(admin_password: str = "") -> FirstStart:
    """Make what a back office cannot do without, where it is missing.

    The administrator gets `admin_password` whenever one is given and differs, and a random one
    when made without. Running it again changes nothing else.
    """
    if not Operator.objects.exists():
        _create_operator()
    return FirstStart(ADMIN_NAME, _ensure_admin(admin_password))


def _create_operator() -> None:
    operator = Operator.objects.create(
        name="Chargehand", country_code="NL", party_id="CHD", is_default=True
    )
    account = Account.objects.create(operator=operator, name=operator.name)
    Location.objects.create(
        operator=operator,
        account=account,
        name="First location",
        slug="first-location",
        is_published=False,
    )


def _ensure_admin(password: str) -> str | None:
    """Return the password when it was set just now."""
    admin = User.objects.filter(username=ADMIN_NAME).first()
    if admin is not None and (not password or admin.check_password(password)):
        return None
    if admin is None and not password and User.objects.filter(is_superuser=True).exists():
        return None
    chosen = password or secrets.token_urlsafe(12)
    if admin is None:
        User.objects.create_superuser(username=ADMIN_NAME, password=chosen, sees_all_operators=True)
    else:
        admin.set_password(chosen)
        admin.save(update_fields=["password"])
    return chosen
