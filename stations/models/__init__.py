"""The models of the app, gathered for Django."""

from stations.models.command import Command
from stations.models.configuration import (
    ConfigurationFinding,
    ConfigurationItem,
    ConfigurationProfile,
    ConfigurationRun,
)
from stations.models.evse import Connector, Evse
from stations.models.evse_id import EvseIdPool, PooledEvseId
from stations.models.idempotency import IdempotencyKey
from stations.models.live import ConnectorState, Node, StationConnection, UnrecognisedStation
from stations.models.location import Location
from stations.models.operator import Account, Membership, Operator
from stations.models.station import Station
from stations.models.user import User

__all__ = [
    "Account",
    "Command",
    "ConfigurationFinding",
    "ConfigurationItem",
    "ConfigurationProfile",
    "ConfigurationRun",
    "Connector",
    "ConnectorState",
    "Evse",
    "EvseIdPool",
    "IdempotencyKey",
    "Location",
    "Membership",
    "Node",
    "Operator",
    "PooledEvseId",
    "Station",
    "StationConnection",
    "UnrecognisedStation",
    "User",
]
