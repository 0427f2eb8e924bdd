"""The availability rows of EVSEs, locked and read as the values that decisions are made from."""

from django.db.models import QuerySet

from scheduling.domain.reconciliation import Follower
from scheduling.domain.statuses import Availability, AvailabilityOutcome
from scheduling.models import EvseAvailability
from stations.domain.reported_status import ReportedStatus
from stations.domain.setup_state import RegistrationStatus, SetupState
from stations.models import Command, StationConnection

_RELATED = ("evse__station__connection", "evse__published", "command")


def lock_availabilities(rows: QuerySet[EvseAvailability]) -> dict[int, EvseAvailability]:
    """Return the rows by EVSE with all that decisions need, locked in one order; two queries.

    The first only locks, so that the second sees what others wrote while it waited. `rows` must
    not join other tables, or their rows are locked too.
    """
    found = list(rows.order_by("pk").select_for_update().values_list("pk", flat=True))
    if not found:
        return {}
    locked = EvseAvailability.objects.filter(pk__in=found).select_related(*_RELATED)
    return {row.pk: row for row in locked.order_by("pk")}


def follower(row: EvseAvailability, *, is_due: bool = False) -> Follower:
    """Return a row of `lock_availabilities` as a value."""
    station, command = row.evse.station, row.command
    return Follower(
        evse_id=row.pk,
        station_id=station.pk,
        desired=Availability(row.desired),
        confirmed=Availability(row.confirmed),
        outcome=AvailabilityOutcome(row.outcome) if row.outcome else None,
        attempts=row.attempts,
        is_due=is_due,
        is_retired=row.evse.retired_at is not None or station.setup_state == SetupState.RETIRED,
        is_connected=_is_connected(row),
        is_accepted=station.registration == RegistrationStatus.ACCEPTED,
        is_waiting=command is not None and not command.is_settled,
        asked=asked_by(command) if command else None,
        asked_of_station=command is not None and command.evse_id is None,
        reported=_reported(row),
    )


def asked_by(command: Command) -> Availability:
    """Return what a ChangeAvailability asks for."""
    return Availability(command.params["availability"])


def _is_connected(row: EvseAvailability) -> bool:
    connection: StationConnection | None = getattr(row.evse.station, "connection", None)
    return connection is not None and connection.is_online


def _reported(row: EvseAvailability) -> ReportedStatus | None:
    published = getattr(row.evse, "published", None)
    return ReportedStatus(published.reported) if published and published.reported else None
