"""The words of OCPP 1.6 and ours, both ways."""

from ocpp.v16.enums import (
    AvailabilityStatus,
    AvailabilityType,
    ClearCacheStatus,
    ConfigurationStatus,
    DataTransferStatus,
    MessageTrigger,
    RemoteStartStopStatus,
    ResetStatus,
    ResetType,
    TriggerMessageStatus,
    UnlockStatus,
)

from stations.domain import command_words as ours
from stations.domain.command import CommandState

RESET_TYPES = {
    ResetType.soft: ours.ResetType.SOFT,
    ResetType.hard: ours.ResetType.HARD,
}
AVAILABILITIES = {
    AvailabilityType.operative: ours.Availability.OPERATIVE,
    AvailabilityType.inoperative: ours.Availability.INOPERATIVE,
}
TRIGGERS = {
    MessageTrigger.boot_notification: ours.TriggeredMessage.BOOT_NOTIFICATION,
    MessageTrigger.status_notification: ours.TriggeredMessage.STATUS_NOTIFICATION,
    MessageTrigger.heartbeat: ours.TriggeredMessage.HEARTBEAT,
    MessageTrigger.meter_values: ours.TriggeredMessage.METER_VALUES,
    MessageTrigger.firmware_status_notification: ours.TriggeredMessage.FIRMWARE_STATUS,
    MessageTrigger.diagnostics_status_notification: ours.TriggeredMessage.DIAGNOSTICS_STATUS,
    MessageTrigger.log_status_notification: ours.TriggeredMessage.LOG_STATUS,
    MessageTrigger.sign_charge_point_certificate: ours.TriggeredMessage.SIGN_STATION_CERTIFICATE,
}

# The answers to commands: a word means the same in all of them.
COMMAND_STATES: dict[str, CommandState] = {
    AvailabilityStatus.accepted: CommandState.ACCEPTED,
    AvailabilityStatus.rejected: CommandState.REJECTED,
    AvailabilityStatus.scheduled: CommandState.ACCEPTED,
    ClearCacheStatus.accepted: CommandState.ACCEPTED,
    ClearCacheStatus.rejected: CommandState.REJECTED,
    ConfigurationStatus.accepted: CommandState.ACCEPTED,
    ConfigurationStatus.rejected: CommandState.REJECTED,
    ConfigurationStatus.reboot_required: CommandState.ACCEPTED,
    ConfigurationStatus.not_supported: CommandState.REJECTED,
    DataTransferStatus.accepted: CommandState.ACCEPTED,
    DataTransferStatus.rejected: CommandState.REJECTED,
    DataTransferStatus.unknown_message_id: CommandState.REJECTED,
    DataTransferStatus.unknown_vendor_id: CommandState.REJECTED,
    RemoteStartStopStatus.accepted: CommandState.ACCEPTED,
    RemoteStartStopStatus.rejected: CommandState.REJECTED,
    ResetStatus.accepted: CommandState.ACCEPTED,
    ResetStatus.rejected: CommandState.REJECTED,
    TriggerMessageStatus.accepted: CommandState.ACCEPTED,
    TriggerMessageStatus.rejected: CommandState.REJECTED,
    TriggerMessageStatus.not_implemented: CommandState.REJECTED,
    UnlockStatus.unlocked: CommandState.ACCEPTED,
    UnlockStatus.unlock_failed: CommandState.FAILED,
    UnlockStatus.not_supported: CommandState.REJECTED,
}

RESET_TYPE_WORDS = {word: theirs.value for theirs, word in RESET_TYPES.items()}
AVAILABILITY_WORDS = {word: theirs.value for theirs, word in AVAILABILITIES.items()}
TRIGGER_WORDS = {word: theirs.value for theirs, word in TRIGGERS.items()}
