"""What a batch of messages knows of stations and connectors while it is decided.

Unlike other values of the domain these change: a handler notes here what it has learned, so that
what comes after it in the batch sees it.
"""

from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple

from stations.domain.ocpp_version import OcppVersion
from stations.domain.reported_status import ReportedStatus
from stations.domain.setup_state import RegistrationStatus, SetupState


class Address(NamedTuple):
    """How a station names a connector: OCPP 1.6 connector n is (n, 1); (0, 0) is all of it."""

    evse: int
    connector: int


WHOLE_STATION = Address(0, 0)
MAX_CONNECTORS = 250  # of one station; ours, so that a station cannot fill the database


@dataclass(slots=True)
class StationFacts:
    """A station, its operator's switches, and its live row; error and info are connector 0's."""

    id: int
    identity: str
    operator_id: int
    location_id: int | None
    version: OcppVersion
    setup_state: SetupState
    registration: RegistrationStatus
    is_disabled: bool
    out_of_order_makes_unavailable: bool
    token: str
    last_seen_at: datetime | None
    disconnected_at: datetime | None
    status: ReportedStatus | None
    status_at: datetime | None
    error_code: str
    booted_at: datetime | None

    @property
    def is_connected(self) -> bool:
        """Say whether a socket of the station is open."""
        return bool(self.token)

    def is_outdated(self, at: datetime, last_at: datetime | None) -> bool:
        """Say whether a report is older than the last one, both by the station's clock.

        Reports from before the last boot are no measure: the clock may have been set back since.
        """
        if last_at is None or at >= last_at:
            return False
        return self.booted_at is None or last_at >= self.booted_at


@dataclass(slots=True)
class ConnectorFacts:
    """A connector and what was last reported of it.

    `row` is the new object of one that the batch adds; its ids are 0 until it is written.
    """

    id: int
    evse_id: int
    address: Address
    retired: bool
    has_state: bool
    status: ReportedStatus | None
    status_at: datetime | None
    error_code: str
    row: Any = None


@dataclass(slots=True)
class StationConnectors:
    """The connectors of one station by address."""

    by_address: dict[Address, ConnectorFacts] = field(default_factory=dict)

    @property
    def is_full(self) -> bool:
        """Say whether the station has as many connectors as a station may have."""
        return len(self.by_address) >= MAX_CONNECTORS

    def of_evse(self, evse_id: int) -> list[ConnectorFacts]:
        """Return the connectors of one EVSE."""
        return [facts for facts in self.by_address.values() if facts.evse_id == evse_id]

    def evse_ids(self) -> set[int]:
        """Return the EVSEs of the station."""
        return {facts.evse_id for facts in self.by_address.values()}

    def find(self, address: Address) -> ConnectorFacts | None:
        """Return the connector at `address`; connector 0 stands for the first of its EVSE."""
        found = self.by_address.get(address)
        if found is None and address.connector == 0 and address.evse:
            of_evse = sorted(key for key in self.by_address if key.evse == address.evse)
            return self.by_address[of_evse[0]] if of_evse else None
        return found
