"""Tests of commands in the words of OCPP 1.6: every request as it is sent, every answer as read."""

from typing import Any

import pytest
from ocpp.v16 import enums

from stations.domain.command import CommandKind, CommandState
from stations.domain.command_order import CommandNotPossible, CommandOrder
from stations.domain.command_words import Availability, ResetType
from stations.domain.facts import Address
from stations.domain.ocpp_version import OcppVersion
from stations.ocpp.frames import Payload
from stations.ocpp.schemas import validate_request
from stations.ocpp.v16 import translate
from stations.ocpp.v16.command_table import COMMANDS

K, S = CommandKind, CommandState
SECOND = Address(2, 1)


def request(
    kind: CommandKind, params: dict[str, Any], address: Address | None = None
) -> tuple[str, Payload]:
    action, payload = COMMANDS[kind].request(CommandOrder(7, kind, params, address))
    validate_request(OcppVersion.V16, action, payload, strict=True)
    return action, payload


@pytest.mark.parametrize(
    ("kind", "params", "address", "call"),
    [
        (K.RESET, {"type": "Soft"}, None, ("Reset", {"type": "Soft"})),
        (K.RESET, {"type": "Hard"}, SECOND, ("Reset", {"type": "Hard"})),
        (
            K.CHANGE_AVAILABILITY,
            {"availability": "Inoperative"},
            None,
            ("ChangeAvailability", {"connectorId": 0, "type": "Inoperative"}),
        ),
        (
            K.CHANGE_AVAILABILITY,
            {"availability": "Operative"},
            SECOND,
            ("ChangeAvailability", {"connectorId": 2, "type": "Operative"}),
        ),
        (
            K.TRIGGER_MESSAGE,
            {"message": "Heartbeat"},
            None,
            ("TriggerMessage", {"requestedMessage": "Heartbeat"}),
        ),
        (
            K.TRIGGER_MESSAGE,
            {"message": "StatusNotification"},
            SECOND,
            ("TriggerMessage", {"requestedMessage": "StatusNotification", "connectorId": 2}),
        ),
        (
            K.TRIGGER_MESSAGE,
            {"message": "SignChargingStationCertificate"},
            None,
            ("ExtendedTriggerMessage", {"requestedMessage": "SignChargePointCertificate"}),
        ),
        (K.GET_CONFIGURATION, {}, None, ("GetConfiguration", {})),
        (K.GET_CONFIGURATION, {"keys": []}, None, ("GetConfiguration", {})),
        (K.GET_CONFIGURATION, {"keys": ["A"]}, None, ("GetConfiguration", {"key": ["A"]})),
        (
            K.CHANGE_CONFIGURATION,
            {"key": "Vendor.Key", "value": "1"},
            None,
            ("ChangeConfiguration", {"key": "Vendor.Key", "value": "1"}),
        ),
        (K.REMOTE_START, {"token": "T"}, None, ("RemoteStartTransaction", {"idTag": "T"})),
        (
            K.REMOTE_START,
            {"token": "T", "token_type": "iso14443"},
            SECOND,
            ("RemoteStartTransaction", {"idTag": "T", "connectorId": 2}),
        ),
        (
            K.REMOTE_STOP,
            {"transaction_id": "12"},
            None,
            ("RemoteStopTransaction", {"transactionId": 12}),
        ),
        (K.UNLOCK_CONNECTOR, {}, SECOND, ("UnlockConnector", {"connectorId": 2})),
        (K.CLEAR_CACHE, {}, None, ("ClearCache", {})),
        (
            K.DATA_TRANSFER,
            {"vendor_id": "v", "message_id": "m", "data": {"a": 1}},
            None,
            ("DataTransfer", {"vendorId": "v", "messageId": "m", "data": '{"a":1}'}),
        ),
        (
            K.DATA_TRANSFER,
            {"vendor_id": "v", "data": "text"},
            None,
            ("DataTransfer", {"vendorId": "v", "data": "text"}),
        ),
        (K.DATA_TRANSFER, {"vendor_id": "v"}, None, ("DataTransfer", {"vendorId": "v"})),
        (
            K.RAW,
            {"action": "GetLocalListVersion"},
            None,
            ("GetLocalListVersion", {}),
        ),
    ],
)
def test_a_command_is_said_in_the_versions_words(kind, params, address, call):
    assert request(kind, params, address) == call


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        (K.TRIGGER_MESSAGE, {"message": "TransactionEvent"}),
        (K.CHANGE_CONFIGURATION, {"key": "K", "value": "1", "component": "C"}),
        (K.CHANGE_CONFIGURATION, {"key": "K", "value": "1", "instance": "I"}),
        (K.REMOTE_STOP, {"transaction_id": "a-b"}),
        (K.UNLOCK_CONNECTOR, {}),
    ],
)
def test_what_the_version_cannot_say_is_told(kind, params):
    with pytest.raises(CommandNotPossible):
        request(kind, params)


@pytest.mark.parametrize(
    ("kind", "answer", "state", "detail"),
    [
        (K.RESET, {"status": "Accepted"}, S.ACCEPTED, ""),
        (K.RESET, {"status": "Rejected"}, S.REJECTED, "Rejected"),
        (K.CHANGE_AVAILABILITY, {"status": "Scheduled"}, S.ACCEPTED, "Scheduled"),
        (K.CHANGE_CONFIGURATION, {"status": "RebootRequired"}, S.ACCEPTED, "RebootRequired"),
        (K.CHANGE_CONFIGURATION, {"status": "NotSupported"}, S.REJECTED, "NotSupported"),
        (K.TRIGGER_MESSAGE, {"status": "NotImplemented"}, S.REJECTED, "NotImplemented"),
        (K.UNLOCK_CONNECTOR, {"status": "Unlocked"}, S.ACCEPTED, ""),
        (K.UNLOCK_CONNECTOR, {"status": "UnlockFailed"}, S.FAILED, "UnlockFailed"),
        (K.REMOTE_START, {"status": "Accepted"}, S.ACCEPTED, ""),
        (K.REMOTE_STOP, {"status": "Rejected"}, S.REJECTED, "Rejected"),
        (K.CLEAR_CACHE, {"status": "Accepted"}, S.ACCEPTED, ""),
        (K.DATA_TRANSFER, {"status": "UnknownVendorId"}, S.REJECTED, "UnknownVendorId"),
        (K.GET_CONFIGURATION, {}, S.ACCEPTED, ""),
        (K.GET_CONFIGURATION, {"unknownKey": ["A"]}, S.REJECTED, "UnknownKey"),
        (
            K.GET_CONFIGURATION,
            {"unknownKey": ["A"], "configurationKey": [{"key": "B", "readonly": True}]},
            S.ACCEPTED,
            "",
        ),
        (K.RAW, {"status": "Rejected"}, S.ACCEPTED, ""),
        (K.RESET, {"status": "Perhaps"}, S.FAILED, "Perhaps"),
        (K.RESET, {}, S.FAILED, "NoStatus"),
    ],
)
def test_an_answer_is_read_as_state_and_detail(kind, answer, state, detail):
    read = COMMANDS[kind].outcome(answer)
    assert (read.state, read.detail) == (state, detail)


def test_every_kind_is_translated():
    assert COMMANDS.keys() == set(CommandKind)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (translate.RESET_TYPES, enums.ResetType),
        (translate.AVAILABILITIES, enums.AvailabilityType),
        (translate.TRIGGERS, enums.MessageTrigger),
        (translate.COMMAND_STATES, enums.AvailabilityStatus),
        (translate.COMMAND_STATES, enums.ClearCacheStatus),
        (translate.COMMAND_STATES, enums.ConfigurationStatus),
        (translate.COMMAND_STATES, enums.DataTransferStatus),
        (translate.COMMAND_STATES, enums.RemoteStartStopStatus),
        (translate.COMMAND_STATES, enums.ResetStatus),
        (translate.COMMAND_STATES, enums.TriggerMessageStatus),
        (translate.COMMAND_STATES, enums.UnlockStatus),
    ],
)
def test_every_word_of_the_version_has_a_meaning(table, words):
    assert set(words) <= table.keys()


def test_our_words_have_one_of_the_version():
    assert translate.RESET_TYPE_WORDS.keys() == set(ResetType)
    assert translate.AVAILABILITY_WORDS.keys() == set(Availability)
