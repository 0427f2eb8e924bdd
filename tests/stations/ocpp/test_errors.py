"""Tests of the error codes and their spellings."""

import pytest

from stations.domain.ocpp_version import OcppVersion
from stations.ocpp.errors import CallRefused, ErrorCode

ONLY_IN_2 = {ErrorCode.MESSAGE_TYPE_NOT_SUPPORTED, ErrorCode.RPC_FRAMEWORK_ERROR}


@pytest.mark.parametrize("code", ErrorCode)
def test_every_code_is_read_back_from_its_spelling_of_2(code):
    assert ErrorCode.from_wire(code.spelling(OcppVersion.V201)) is code


@pytest.mark.parametrize("code", sorted(set(ErrorCode) - ONLY_IN_2))
def test_every_code_is_read_back_from_its_spelling_of_16(code):
    assert ErrorCode.from_wire(code.spelling(OcppVersion.V16)) is code


@pytest.mark.parametrize(
    ("code", "spelling"),
    [
        (ErrorCode.FORMAT_VIOLATION, "FormationViolation"),
        (ErrorCode.OCCURRENCE_CONSTRAINT_VIOLATION, "OccurenceConstraintViolation"),
        (ErrorCode.MESSAGE_TYPE_NOT_SUPPORTED, "GenericError"),
        (ErrorCode.RPC_FRAMEWORK_ERROR, "GenericError"),
        (ErrorCode.NOT_IMPLEMENTED, "NotImplemented"),
    ],
)
def test_16_has_its_own_spellings(code, spelling):
    assert code.spelling(OcppVersion.V16) == spelling


@pytest.mark.parametrize("text", ["", "VendorTrouble", "formatviolation"])
def test_an_unknown_code_is_a_generic_error(text):
    assert ErrorCode.from_wire(text) is ErrorCode.GENERIC_ERROR


def test_a_refusal_carries_what_the_answer_needs():
    refusal = CallRefused(ErrorCode.SECURITY_ERROR, "boot first", {"status": "Pending"})
    assert (refusal.code, refusal.description) == (ErrorCode.SECURITY_ERROR, "boot first")
    assert refusal.details == {"status": "Pending"}
    assert str(refusal) == "SecurityError: boot first"
    assert CallRefused(ErrorCode.NOT_SUPPORTED).details == {}
