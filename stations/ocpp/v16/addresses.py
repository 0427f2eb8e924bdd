"""How OCPP 1.6 names connectors, and how we do: connector n is EVSE n, connector 1."""

from stations.domain.facts import MAX_CONNECTORS, WHOLE_STATION, Address
from stations.ocpp.errors import CallRefused, ErrorCode


def address_of(connector_id: int) -> Address:
    """Return our address of a 1.6 connector; 0 is the whole station.

    Raises CallRefused for a number that no station has.
    """
    if not 0 <= connector_id <= MAX_CONNECTORS:
        raise CallRefused(
            ErrorCode.PROPERTY_CONSTRAINT_VIOLATION, "connectorId is not between 0 and 250"
        )
    return Address(connector_id, 1) if connector_id else WHOLE_STATION
