"""Which module translates which kind of command for OCPP 2.0.1."""

from stations.domain.command import CommandKind
from stations.ocpp import raw_command
from stations.ocpp.command_translation import CommandTranslation
from stations.ocpp.v201.commands import (
    change_availability,
    change_configuration,
    clear_cache,
    data_transfer,
    get_configuration,
    remote_start,
    remote_stop,
    reset,
    trigger_message,
    unlock_connector,
)

COMMANDS: dict[CommandKind, CommandTranslation] = {
    CommandKind.CHANGE_AVAILABILITY: change_availability,
    CommandKind.CHANGE_CONFIGURATION: change_configuration,
    CommandKind.CLEAR_CACHE: clear_cache,
    CommandKind.DATA_TRANSFER: data_transfer,
    CommandKind.GET_CONFIGURATION: get_configuration,
    CommandKind.RAW: raw_command,
    CommandKind.REMOTE_START: remote_start,
    CommandKind.REMOTE_STOP: remote_stop,
    CommandKind.RESET: reset,
    CommandKind.TRIGGER_MESSAGE: trigger_message,
    CommandKind.UNLOCK_CONNECTOR: unlock_connector,
}
