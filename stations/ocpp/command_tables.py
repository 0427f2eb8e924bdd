"""The tables of commands of all OCPP versions."""

from stations.domain.ocpp_version import OcppVersion
from stations.ocpp.command_translation import CommandTables
from stations.ocpp.v16 import command_table as v16
from stations.ocpp.v201 import command_table as v201

COMMAND_TABLES: CommandTables = {
    OcppVersion.V16: v16.COMMANDS,
    OcppVersion.V201: v201.COMMANDS,
}
