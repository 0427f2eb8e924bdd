"""Tests of commands in the words of OCPP 2.0.1: each request as sent, each answer as read."""

from typing import Any

import pytest
from ocpp.v201 import enums

from stations.domain.command import CommandKind, CommandState
from stations.domain.command_order import CommandNotPossible, CommandOrder
from stations.domain.command_words import Availability, ResetType, TokenForm, TriggeredMessage
from stations.domain.facts import Address
from stations.domain.ocpp_version import OcppVersion
from stations.ocpp.frames import Payload
from stations.ocpp.schemas import validate_request
from stations.ocpp.v201 import translate
from stations.ocpp.v201.command_table import COMMANDS

K, S = CommandKind, CommandState
SECOND = Address(2, 3)
HEARTBEAT = {
    "component": {"name": "OCPPCommCtrlr"},
    "variable": {"name": "HeartbeatInterval"},
}


def request(
    kind: CommandKind, params: dict[str, Any], address: Address | None = None
) -> tuple[str, Payload]:
    action, payload = COMMANDS[kind].request(CommandOrder(7, kind, params, address))
    validate_request(OcppVersion.V201, action, payload, strict=True)
    return action, payload


def variables(status: str, **members: Any) -> Payload:
    return {"setVariableResult": [{"attributeStatus": status, **HEARTBEAT, **members}]}


@pytest.mark.parametrize(
    ("kind", "params", "address", "call"),
    [
        (K.RESET, {"type": "Soft"}, None, ("Reset", {"type": "OnIdle"})),
        (K.RESET, {"type": "Hard"}, SECOND, ("Reset", {"type": "Immediate", "evseId": 2})),
        (
            K.CHANGE_AVAILABILITY,
            {"availability": "Inoperative"},
            None,
            ("ChangeAvailability", {"operationalStatus": "Inoperative"}),
        ),
        (
            K.CHANGE_AVAILABILITY,
            {"availability": "Operative"},
            SECOND,
            ("ChangeAvailability", {"operationalStatus": "Operative", "evse": {"id": 2}}),
        ),
        (
            K.CHANGE_AVAILABILITY,
            {"availability": "Operative", "connector": 3},
            SECOND,
            (
                "ChangeAvailability",
                {"operationalStatus": "Operative", "evse": {"id": 2, "connectorId": 3}},
            ),
        ),
        (
            K.TRIGGER_MESSAGE,
            {"message": "DiagnosticsStatusNotification"},
            None,
            ("TriggerMessage", {"requestedMessage": "LogStatusNotification"}),
        ),
        (
            K.TRIGGER_MESSAGE,
            {"message": "MeterValues"},
            SECOND,
            ("TriggerMessage", {"requestedMessage": "MeterValues", "evse": {"id": 2}}),
        ),
        (
            K.TRIGGER_MESSAGE,
            {"message": "StatusNotification"},
            SECOND,
            (
                "TriggerMessage",
                {
                    "requestedMessage": "StatusNotification",
                    "evse": {"id": 2, "connectorId": 3},
                },
            ),
        ),
        (
            K.GET_CONFIGURATION,
            {},
            None,
            ("GetBaseReport", {"requestId": 7, "reportBase": "FullInventory"}),
        ),
        (
            K.GET_CONFIGURATION,
            {"keys": ["OCPPCommCtrlr.HeartbeatInterval"]},
            None,
            ("GetVariables", {"getVariableData": [HEARTBEAT]}),
        ),
        (
            K.CHANGE_CONFIGURATION,
            {"key": "HeartbeatInterval", "value": "300", "component": "OCPPCommCtrlr"},
            None,
            ("SetVariables", {"setVariableData": [{"attributeValue": "300", **HEARTBEAT}]}),
        ),
        (
            K.REMOTE_START,
            {"token": "T"},
            None,
            (
                "RequestStartTransaction",
                {"remoteStartId": 7, "idToken": {"idToken": "T", "type": "Central"}},
            ),
        ),
        (
            K.REMOTE_START,
            {"token": "T", "token_type": "iso14443"},
            SECOND,
            (
                "RequestStartTransaction",
                {
                    "remoteStartId": 7,
                    "idToken": {"idToken": "T", "type": "ISO14443"},
                    "evseId": 2,
                },
            ),
        ),
        (
            K.REMOTE_STOP,
            {"transaction_id": "a-b"},
            None,
            ("RequestStopTransaction", {"transactionId": "a-b"}),
        ),
        (K.UNLOCK_CONNECTOR, {}, SECOND, ("UnlockConnector", {"evseId": 2, "connectorId": 3})),
        (K.CLEAR_CACHE, {}, None, ("ClearCache", {})),
        (
            K.DATA_TRANSFER,
            {"vendor_id": "v", "message_id": "m", "data": {"a": 1}},
            None,
            ("DataTransfer", {"vendorId": "v", "messageId": "m", "data": {"a": 1}}),
        ),
        (K.DATA_TRANSFER, {"vendor_id": "v"}, None, ("DataTransfer", {"vendorId": "v"})),
        (K.RAW, {"action": "GetLocalListVersion"}, None, ("GetLocalListVersion", {})),
    ],
)
def test_a_command_is_said_in_the_versions_words(kind, params, address, call):
    assert request(kind, params, address) == call


@pytest.mark.parametrize(
    ("params", "component", "variable"),
    [
        ({"key": "C.V"}, {"name": "C"}, {"name": "V"}),
        ({"key": "C[a].V[b]"}, {"name": "C", "instance": "a"}, {"name": "V", "instance": "b"}),
        ({"key": "C.V", "instance": "b"}, {"name": "C"}, {"name": "V", "instance": "b"}),
        ({"key": "V[b]", "component": "C"}, {"name": "C"}, {"name": "V", "instance": "b"}),
    ],
)
def test_a_key_names_component_variable_and_instances(params, component, variable):
    _, payload = request(K.CHANGE_CONFIGURATION, params | {"value": "1"})
    assert payload["setVariableData"][0]["component"] == component
    assert payload["setVariableData"][0]["variable"] == variable


def test_a_variable_of_an_evse_names_it():
    _, payload = request(K.CHANGE_CONFIGURATION, {"key": "EVSE.Power", "value": "1"}, SECOND)
    assert payload["setVariableData"][0]["component"] == {"name": "EVSE", "evse": {"id": 2}}


@pytest.mark.parametrize(
    ("kind", "params"),
    [
        (K.CHANGE_CONFIGURATION, {"key": "HeartbeatInterval", "value": "1"}),
        (K.CHANGE_CONFIGURATION, {"key": "C." + "v" * 51, "value": "1"}),
        (K.GET_CONFIGURATION, {"keys": ["A.B", "C"]}),
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
        (K.RESET, {"status": "Scheduled"}, S.ACCEPTED, "Scheduled"),
        (K.CHANGE_AVAILABILITY, {"status": "Scheduled"}, S.ACCEPTED, "Scheduled"),
        (K.TRIGGER_MESSAGE, {"status": "NotImplemented"}, S.REJECTED, "NotImplemented"),
        (K.GET_CONFIGURATION, {"status": "NotSupported"}, S.REJECTED, "NotSupported"),
        (K.GET_CONFIGURATION, {"status": "Accepted"}, S.ACCEPTED, ""),
        (K.GET_CONFIGURATION, {"getVariableResult": []}, S.FAILED, "NoStatus"),
        (
            K.GET_CONFIGURATION,
            {
                "getVariableResult": [
                    {"attributeStatus": "UnknownVariable", **HEARTBEAT},
                    {"attributeStatus": "Accepted", "attributeValue": "300", **HEARTBEAT},
                ]
            },
            S.ACCEPTED,
            "",
        ),
        (
            K.GET_CONFIGURATION,
            {"getVariableResult": [{"attributeStatus": "UnknownVariable", **HEARTBEAT}]},
            S.REJECTED,
            "UnknownVariable",
        ),
        (K.CHANGE_CONFIGURATION, variables("Accepted"), S.ACCEPTED, ""),
        (K.CHANGE_CONFIGURATION, variables("RebootRequired"), S.ACCEPTED, "RebootRequired"),
        (K.CHANGE_CONFIGURATION, variables("UnknownComponent"), S.REJECTED, "UnknownComponent"),
        (K.CHANGE_CONFIGURATION, {"setVariableResult": None}, S.FAILED, "NoStatus"),
        (K.REMOTE_START, {"status": "Rejected"}, S.REJECTED, "Rejected"),
        (K.REMOTE_STOP, {"status": "Accepted"}, S.ACCEPTED, ""),
        (
            K.UNLOCK_CONNECTOR,
            {"status": "OngoingAuthorizedTransaction"},
            S.FAILED,
            "OngoingAuthorizedTransaction",
        ),
        (K.CLEAR_CACHE, {"status": "Rejected"}, S.REJECTED, "Rejected"),
        (K.DATA_TRANSFER, {"status": "UnknownMessageId"}, S.REJECTED, "UnknownMessageId"),
        (K.RAW, {}, S.ACCEPTED, ""),
    ],
)
def test_an_answer_is_read_as_state_and_detail(kind, answer, state, detail):
    read = COMMANDS[kind].outcome(answer)
    assert (read.state, read.detail) == (state, detail)


@pytest.mark.parametrize(
    ("info", "reason"),
    [
        ({"reasonCode": "Busy", "additionalInfo": "Charging"}, "Busy: Charging"),
        ({"reasonCode": "Busy"}, "Busy"),
        ("Busy", ""),
    ],
)
def test_the_status_info_is_the_reason(info, reason):
    answer = COMMANDS[K.RESET].outcome({"status": "Rejected", "statusInfo": info})
    assert answer.reason == reason
    answer = COMMANDS[K.CHANGE_CONFIGURATION].outcome(
        variables("Rejected", attributeStatusInfo=info)
    )
    assert answer.reason == reason


def test_every_kind_is_translated():
    assert COMMANDS.keys() == set(CommandKind)


@pytest.mark.parametrize(
    ("table", "words"),
    [
        (translate.RESET_TYPES, enums.ResetEnumType),
        (translate.AVAILABILITIES, enums.OperationalStatusEnumType),
        (translate.TRIGGERS, enums.MessageTriggerEnumType),
        (translate.TOKEN_FORMS, enums.IdTokenEnumType),
        (translate.COMMAND_STATES, enums.ChangeAvailabilityStatusEnumType),
        (translate.COMMAND_STATES, enums.ClearCacheStatusEnumType),
        (translate.COMMAND_STATES, enums.DataTransferStatusEnumType),
        (translate.COMMAND_STATES, enums.GenericDeviceModelStatusEnumType),
        (translate.COMMAND_STATES, enums.GetVariableStatusEnumType),
        (translate.COMMAND_STATES, enums.RequestStartStopStatusEnumType),
        (translate.COMMAND_STATES, enums.ResetStatusEnumType),
        (translate.COMMAND_STATES, enums.SetVariableStatusEnumType),
        (translate.COMMAND_STATES, enums.TriggerMessageStatusEnumType),
        (translate.COMMAND_STATES, enums.UnlockStatusEnumType),
    ],
)
def test_every_word_of_the_version_has_a_meaning(table, words):
    assert set(words) <= table.keys()


def test_our_words_have_one_of_the_version():
    assert translate.RESET_TYPE_WORDS.keys() == set(ResetType)
    assert translate.AVAILABILITY_WORDS.keys() == set(Availability)
    assert translate.TRIGGER_WORDS.keys() == set(TriggeredMessage)
    assert translate.TOKEN_FORM_WORDS.keys() == set(TokenForm)
