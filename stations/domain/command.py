"""The words of commands to stations, in the neutral language of the API."""

from enum import StrEnum


class CommandKind(StrEnum):
    """What a station can be asked to do, whatever its OCPP version; RAW sends a CALL as it is."""

    RESET = "reset"
    CHANGE_AVAILABILITY = "change_availability"
    TRIGGER_MESSAGE = "trigger_message"
    GET_CONFIGURATION = "get_configuration"
    CHANGE_CONFIGURATION = "change_configuration"
    REMOTE_START = "remote_start"
    REMOTE_STOP = "remote_stop"
    UNLOCK_CONNECTOR = "unlock_connector"
    CLEAR_CACHE = "clear_cache"
    DATA_TRANSFER = "data_transfer"
    RAW = "raw"


class CommandState(StrEnum):
    """The life of a command: the station's answer and the effect seen are separate facts."""

    QUEUED = "queued"
    SENT = "sent"
    ACCEPTED = "accepted"
    REJECTED = "rejected"
    FAILED = "failed"
    TIMED_OUT = "timed_out"
    EXPIRED = "expired"


SETTLED_STATES = frozenset(CommandState) - {CommandState.QUEUED, CommandState.SENT}


class CommandSource(StrEnum):
    """The door a command came through."""

    ADMIN = "admin"
    API = "api"
    TASK = "task"
    COMMAND_LINE = "command_line"
    PARTNER = "partner"
