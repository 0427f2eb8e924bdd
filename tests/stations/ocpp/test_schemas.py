"""Tests of payload validation: which schema applies and what a violation says."""

import contextlib
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.domain.ocpp_version import OcppVersion
from stations.ocpp import schemas
from stations.ocpp.errors import ErrorCode
from stations.ocpp.schemas import SchemaViolation

V16, V201 = OcppVersion.V16, OcppVersion.V201

JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**64 - 1) | st.floats() | st.text(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(), inner, max_size=3),
    max_leaves=8,
)
FIELDS = ["connectorId", "status", "timestamp", "meterValue", "idTag", "evse", "reason", "data"]
ACTIONS = sorted(
    (version, name) for version in OcppVersion for name in schemas.known_actions(version)
)

AVAILABLE = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
LIMIT = {"startPeriod": 0, "limit": 16.1}


def violation(
    version: OcppVersion, action: str, payload: dict[str, Any], *, strict: bool = False
) -> SchemaViolation:
    with pytest.raises(SchemaViolation) as caught:
        schemas.validate_request(version, action, payload, strict=strict)
    return caught.value


@pytest.mark.parametrize("version", OcppVersion)
def test_every_schema_compiles(version):
    schemas.compile_all(version)


@pytest.mark.parametrize(("version", "count"), [(V16, 39), (V201, 64)])
def test_all_actions_of_a_version_are_known(version, count):
    actions = schemas.known_actions(version)
    assert len(actions) == count
    assert {"BootNotification", "Heartbeat", "UnlockConnector", "DataTransfer"} <= actions
    assert not any(name.endswith(("Request", "Response", ".json")) for name in actions)


@pytest.mark.parametrize("version", OcppVersion)
@pytest.mark.parametrize("action", ["Nope", "", "../v16/schemas/Reset", "ResetResponse"])
def test_an_unknown_action_is_not_implemented(version, action):
    assert violation(version, action, {}).code is ErrorCode.NOT_IMPLEMENTED


@given(
    st.sampled_from(ACTIONS),
    st.dictionaries(st.sampled_from(FIELDS) | st.text(max_size=3), JSON, max_size=4),
    st.booleans(),
)
def test_any_payload_is_valid_or_a_violation(version_and_action, payload, strict):
    version, action = version_and_action
    for validate in (schemas.validate_request, schemas.validate_response):
        with contextlib.suppress(SchemaViolation):
            validate(version, action, payload, strict=strict)


@pytest.mark.parametrize(
    ("change", "code"),
    [
        ({"connectorId": "1"}, ErrorCode.TYPE_CONSTRAINT_VIOLATION),
        ({"connectorId": 1.0}, ErrorCode.TYPE_CONSTRAINT_VIOLATION),
        ({"connectorId": None}, ErrorCode.TYPE_CONSTRAINT_VIOLATION),
        ({"connectorId": 2**60}, ErrorCode.PROPERTY_CONSTRAINT_VIOLATION),
        ({"connectorId": -(2**60)}, ErrorCode.PROPERTY_CONSTRAINT_VIOLATION),
        ({"connectorId": 1e300}, ErrorCode.TYPE_CONSTRAINT_VIOLATION),
        ({"status": "Sleeping"}, ErrorCode.PROPERTY_CONSTRAINT_VIOLATION),
        ({"vendorId": "v" * 256}, ErrorCode.PROPERTY_CONSTRAINT_VIOLATION),
        ({"errorCode": "e" * 256}, ErrorCode.PROPERTY_CONSTRAINT_VIOLATION),
        ({"timestamp": "t" * 65}, ErrorCode.PROPERTY_CONSTRAINT_VIOLATION),
    ],
)
def test_the_code_follows_the_failing_keyword(change, code):
    assert violation(V16, "StatusNotification", AVAILABLE | change).code is code


@pytest.mark.parametrize(
    ("version", "code"),
    [
        (V16, ErrorCode.PROTOCOL_ERROR),
        (V201, ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION),
    ],
)
def test_a_missing_field_has_the_code_of_its_version(version, code):
    error = violation(version, "StatusNotification", {})
    assert error.code is code
    assert error.description.endswith("is a required property")


def test_too_few_elements_violate_the_occurrence():
    error = violation(V16, "MeterValues", {"connectorId": 1, "meterValue": []})
    assert error.code is ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION


def test_an_extra_property_of_ours_violates_the_format():
    error = violation(V16, "Reset", {"type": "Hard", "force": True}, strict=True)
    assert error.code is ErrorCode.FORMAT_VIOLATION


def test_a_violation_names_the_place_and_not_the_value():
    payload = {"connectorId": 1, "meterValue": [{"timestamp": 5, "sampledValue": [{"value": "1"}]}]}
    error = violation(V16, "MeterValues", payload)
    assert error.description == 'meterValue/0/timestamp: the value is not of type "string"'
    assert "0123456789ABCDEF" not in str(
        violation(V16, "Authorize", {"idTag": "0123456789ABCDEF" * 20})
    )


def test_responses_have_their_own_schema():
    schemas.validate_response(V16, "Reset", {"status": "Accepted"})
    schemas.validate_response(V201, "Reset", {"status": "Scheduled"})
    with pytest.raises(SchemaViolation):
        schemas.validate_response(V16, "Reset", {"status": "Scheduled"})


@pytest.mark.parametrize("limit", [tenth / 10 for tenth in range(0, 500, 7)])
def test_every_tenth_of_an_ampere_may_be_sent(limit):
    schedule = {"chargingRateUnit": "A", "chargingSchedulePeriod": [LIMIT | {"limit": limit}]}
    profile = {
        "chargingProfileId": 1,
        "stackLevel": 0,
        "chargingProfilePurpose": "TxDefaultProfile",
        "chargingProfileKind": "Absolute",
        "chargingSchedule": schedule,
    }
    payload = {"connectorId": 1, "csChargingProfiles": profile}
    schemas.validate_request(V16, "SetChargingProfile", payload, strict=True)


def test_our_own_times_must_be_times():
    answer = {"currentTime": "2025-05-01 10:00", "interval": 300, "status": "Accepted"}
    with pytest.raises(SchemaViolation):
        schemas.validate_response(V16, "BootNotification", answer, strict=True)
    answer["currentTime"] = "2025-05-01T10:00:00.000Z"
    schemas.validate_response(V16, "BootNotification", answer, strict=True)
