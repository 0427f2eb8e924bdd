"""The words of OCPP 2.0.1 and ours, both ways."""

from ocpp.v201.enums import (
    ChangeAvailabilityStatusEnumType,
    ClearCacheStatusEnumType,
    DataTransferStatusEnumType,
    GenericDeviceModelStatusEnumType,
    GetVariableStatusEnumType,
    IdTokenEnumType,
    MessageTriggerEnumType,
    OperationalStatusEnumType,
    RequestStartStopStatusEnumType,
    ResetEnumType,
    ResetStatusEnumType,
    SetVariableStatusEnumType,
    TriggerMessageStatusEnumType,
    UnlockStatusEnumType,
)

from stations.domain import command_words as ours
from stations.domain.command import CommandState

RESET_TYPES = {
    ResetEnumType.on_idle: ours.ResetType.SOFT,
    ResetEnumType.immediate: ours.ResetType.HARD,
}
AVAILABILITIES = {
    OperationalStatusEnumType.operative: ours.Availability.OPERATIVE,
    OperationalStatusEnumType.inoperative: ours.Availability.INOPERATIVE,
}
TRIGGERS = {
    MessageTriggerEnumType.boot_notification: ours.TriggeredMessage.BOOT_NOTIFICATION,
    MessageTriggerEnumType.status_notification: ours.TriggeredMessage.STATUS_NOTIFICATION,
    MessageTriggerEnumType.heartbeat: ours.TriggeredMessage.HEARTBEAT,
    MessageTriggerEnumType.meter_values: ours.TriggeredMessage.METER_VALUES,
    MessageTriggerEnumType.transaction_event: ours.TriggeredMessage.TRANSACTION_EVENT,
    MessageTriggerEnumType.firmware_status_notification: ours.TriggeredMessage.FIRMWARE_STATUS,
    MessageTriggerEnumType.log_status_notification: ours.TriggeredMessage.LOG_STATUS,
    MessageTriggerEnumType.sign_charging_station_certificate: (
        ours.TriggeredMessage.SIGN_STATION_CERTIFICATE
    ),
    MessageTriggerEnumType.sign_v2g_certificate: ours.TriggeredMessage.SIGN_V2G_CERTIFICATE,
    MessageTriggerEnumType.sign_combined_certificate: (
        ours.TriggeredMessage.SIGN_COMBINED_CERTIFICATE
    ),
    MessageTriggerEnumType.publish_firmware_status_notification: (
        ours.TriggeredMessage.PUBLISH_FIRMWARE_STATUS
    ),
}
TOKEN_FORMS = {
    IdTokenEnumType.central: ours.TokenForm.CENTRAL,
    IdTokenEnumType.e_maid: ours.TokenForm.EMAID,
    IdTokenEnumType.iso14443: ours.TokenForm.ISO14443,
    IdTokenEnumType.iso15693: ours.TokenForm.ISO15693,
    IdTokenEnumType.key_code: ours.TokenForm.KEY_CODE,
    IdTokenEnumType.local: ours.TokenForm.LOCAL,
    IdTokenEnumType.mac_address: ours.TokenForm.MAC_ADDRESS,
    IdTokenEnumType.no_authorization: ours.TokenForm.NO_AUTHORIZATION,
}

# The answers to commands: a word means the same in all of them.
COMMAND_STATES: dict[str, CommandState] = {
    ChangeAvailabilityStatusEnumType.accepted: CommandState.ACCEPTED,
    ChangeAvailabilityStatusEnumType.rejected: CommandState.REJECTED,
    ChangeAvailabilityStatusEnumType.scheduled: CommandState.ACCEPTED,
    ClearCacheStatusEnumType.accepted: CommandState.ACCEPTED,
    ClearCacheStatusEnumType.rejected: CommandState.REJECTED,
    DataTransferStatusEnumType.accepted: CommandState.ACCEPTED,
    DataTransferStatusEnumType.rejected: CommandState.REJECTED,
    DataTransferStatusEnumType.unknown_message_id: CommandState.REJECTED,
    DataTransferStatusEnumType.unknown_vendor_id: CommandState.REJECTED,
    GenericDeviceModelStatusEnumType.accepted: CommandState.ACCEPTED,
    GenericDeviceModelStatusEnumType.rejected: CommandState.REJECTED,
    GenericDeviceModelStatusEnumType.not_supported: CommandState.REJECTED,
    GenericDeviceModelStatusEnumType.empty_result_set: CommandState.REJECTED,
    GetVariableStatusEnumType.accepted: CommandState.ACCEPTED,
    GetVariableStatusEnumType.rejected: CommandState.REJECTED,
    GetVariableStatusEnumType.unknown_component: CommandState.REJECTED,
    GetVariableStatusEnumType.unknown_variable: CommandState.REJECTED,
    GetVariableStatusEnumType.not_supported_attribute_type: CommandState.REJECTED,
    RequestStartStopStatusEnumType.accepted: CommandState.ACCEPTED,
    RequestStartStopStatusEnumType.rejected: CommandState.REJECTED,
    ResetStatusEnumType.accepted: CommandState.ACCEPTED,
    ResetStatusEnumType.rejected: CommandState.REJECTED,
    ResetStatusEnumType.scheduled: CommandState.ACCEPTED,
    SetVariableStatusEnumType.accepted: CommandState.ACCEPTED,
    SetVariableStatusEnumType.rejected: CommandState.REJECTED,
    SetVariableStatusEnumType.unknown_component: CommandState.REJECTED,
    SetVariableStatusEnumType.unknown_variable: CommandState.REJECTED,
    SetVariableStatusEnumType.not_supported_attribute_type: CommandState.REJECTED,
    SetVariableStatusEnumType.reboot_required: CommandState.ACCEPTED,
    TriggerMessageStatusEnumType.accepted: CommandState.ACCEPTED,
    TriggerMessageStatusEnumType.rejected: CommandState.REJECTED,
    TriggerMessageStatusEnumType.not_implemented: CommandState.REJECTED,
    UnlockStatusEnumType.unlocked: CommandState.ACCEPTED,
    UnlockStatusEnumType.unlock_failed: CommandState.FAILED,
    UnlockStatusEnumType.ongoing_authorized_transaction: CommandState.FAILED,
    UnlockStatusEnumType.unknown_connector: CommandState.REJECTED,
}

RESET_TYPE_WORDS = {word: theirs.value for theirs, word in RESET_TYPES.items()}
AVAILABILITY_WORDS = {word: theirs.value for theirs, word in AVAILABILITIES.items()}
TRIGGER_WORDS = {word: theirs.value for theirs, word in TRIGGERS.items()} | {
    ours.TriggeredMessage.DIAGNOSTICS_STATUS: MessageTriggerEnumType.log_status_notification.value
}
TOKEN_FORM_WORDS = {word: theirs.value for theirs, word in TOKEN_FORMS.items()}
