"""The words for who somebody is: roles of people and of the programs that call the API."""

from enum import StrEnum


class Role(StrEnum):
    """What a membership lets its user do within one operator or account."""

    OPERATOR_ADMIN = "operator_admin"
    OPERATOR_STAFF = "operator_staff"
    READ_ONLY = "read_only"
    FIELD_SERVICE_TECHNICIAN = "field_service_technician"
    ACCOUNT_ADMIN = "account_admin"
    BILLING_ADMIN = "billing_admin"
    LOCATIONS_FACILITATOR = "locations_facilitator"
    INTEGRATOR = "integrator"


OPERATOR_ROLES = frozenset(
    {Role.OPERATOR_ADMIN, Role.OPERATOR_STAFF, Role.READ_ONLY, Role.INTEGRATOR}
)
ACCOUNT_ROLES = frozenset(Role) - OPERATOR_ROLES
# Who may write what belongs to an operator, or the locations and stations of an account.
WRITING_ROLES = frozenset({Role.OPERATOR_ADMIN, Role.OPERATOR_STAFF, Role.INTEGRATOR})
OWNER_ROLES = frozenset({Role.ACCOUNT_ADMIN, Role.LOCATIONS_FACILITATOR})
# Who may send commands to stations that they service, and say that they work on them.
SERVICE_ROLES = frozenset({Role.FIELD_SERVICE_TECHNICIAN})


class IntegratorGroup(StrEnum):
    """The groups whose permissions are the scopes of an API token."""

    FULL_API = "Full API"
    READ_ONLY = "Read only"
    PARKING_SENSOR = "Parking sensor"
    BOOKING_SYSTEM = "Booking system"
