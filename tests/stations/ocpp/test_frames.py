"""Tests of reading and writing OCPP-J frames."""

import contextlib
import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.domain.ocpp_version import OcppVersion
from stations.ocpp import frames
from stations.ocpp.errors import ErrorCode
from stations.ocpp.frames import Call, CallError, CallResult, FrameError, Ignored

V16, V201 = OcppVersion.V16, OcppVersion.V201

TEXT = st.text(st.characters(codec="utf-8", exclude_characters="\0"))
IDS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), min_size=1, max_size=36)
IDS_OR_NUMBERS = IDS | st.integers(-(2**63), 2**64 - 1)
VALUES = st.recursive(
    st.none() | st.booleans() | st.integers(-(2**63), 2**63) | TEXT | st.floats(allow_nan=False),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(TEXT, inner, max_size=4),
    max_leaves=20,
).filter(lambda value: "Infinity" not in json.dumps(value))
PAYLOADS = st.dictionaries(TEXT, VALUES, max_size=5)
VERSIONS = st.sampled_from(OcppVersion)


def refusal(text: str, version: OcppVersion) -> FrameError:
    with pytest.raises(FrameError) as caught:
        frames.parse(text, version)
    return caught.value


@given(IDS_OR_NUMBERS, st.text("Aa", min_size=1, max_size=64), PAYLOADS, VERSIONS)
def test_a_call_is_read_as_it_was_written(message_id, action, payload, version):
    text = frames.encode_call(message_id, action, payload)
    assert frames.parse(text, version) == Call(message_id, action, payload)


@given(IDS_OR_NUMBERS, PAYLOADS, VERSIONS)
def test_a_result_is_read_as_it_was_written(message_id, payload, version):
    text = frames.encode_result(message_id, payload)
    assert frames.parse(text, version) == CallResult(message_id, payload)


@given(IDS, st.sampled_from(ErrorCode), TEXT, PAYLOADS, VERSIONS)
def test_an_error_is_read_as_it_was_written(message_id, code, description, details, version):
    text = frames.encode_error(
        message_id, code, version=version, description=description, details=details
    )
    expected = CallError(message_id, code.spelling(version), description[:255], details)
    assert frames.parse(text, version) == expected


@given(st.text(st.characters()) | st.text('[]{}",:\\u0234 eE-.'), VERSIONS)
def test_any_text_is_a_frame_or_a_frame_error(text, version):
    with contextlib.suppress(FrameError):
        assert isinstance(frames.parse(text, version), frames.Frame)


@given(VALUES | st.lists(st.sampled_from([2, 3, 4, 5, "x", {}, None]) | VALUES), VERSIONS)
def test_any_json_is_a_frame_or_a_frame_error(value, version):
    with contextlib.suppress(FrameError):
        assert isinstance(frames.parse(json.dumps(value), version), frames.Frame)


@pytest.mark.parametrize("number", [0, -3, 2**64 - 1])
def test_a_numeric_id_keeps_its_type_from_call_to_answer(number):
    call = frames.parse(f'[2,{number},"Heartbeat",{{}}]', V16)
    assert isinstance(call, Call)
    assert frames.encode_result(call.message_id, {}) == f"[3,{number},{{}}]"


UNREADABLE = [
    "",
    "hello",
    "{}",
    "[]",
    "2",
    "null",
    "[2]",
    "[2,]",
    '["2","id","Heartbeat",{}]',
    '[true,"id","Heartbeat",{}]',
    '[2.0,"id","Heartbeat",{}]',
    '[null,"id"]',
    '[2,null,"Heartbeat",{}]',
    '[2,true,"Heartbeat",{}]',
    '[2,1.5,"Heartbeat",{}]',
    '[2,"","Heartbeat",{}]',
    '[2,["id"],"Heartbeat",{}]',
    f'[2,"{"i" * 37}","Heartbeat",{{}}]',
    '[2,"a\\u0000b","Heartbeat",{}]',
    '[2,"id","Heartbeat",{"a":NaN}]',
    '[2,"id","Heartbeat",{"a":1e999}]',
    '[2,"id","Heartbeat",{"a":"\\ud800"}]',
    '[2,"id","Heartbeat",{"a":"\ud800"}]',
    '[2,"id","Heartbeat",{"a":"\0"}]',
    "[" * 100_000,
    "[" * 5_000 + "]" * 5_000,
    f'[2,"id","Heartbeat",{{"a":{"9" * 5_000}}}]',
]


@pytest.mark.parametrize("text", UNREADABLE)
def test_an_unreadable_frame_is_answered_in_2_and_dropped_in_16(text):
    for version, answerable in ((V16, False), (V201, True)):
        error = refusal(text, version)
        assert error.code is ErrorCode.RPC_FRAMEWORK_ERROR
        assert (error.message_id, error.answerable) == (None, answerable)


DEEP = "[" * 64 + "]" * 64
MALFORMED_CALLS = [
    '[2,"id"]',
    '[2,"id","Heartbeat"]',
    '[2,"id","Heartbeat",{},{}]',
    '[2,"id",5,{}]',
    '[2,"id","",{}]',
    f'[2,"id","{"A" * 65}",{{}}]',
    '[2,"id","DataTransfer",{"vendorId":"a\\u0000"}]',
    '[2,"id","DataTransfer",{"vendorId":"a\\\\\\u0000"}]',
    f'[2,"id","DataTransfer",{{"data":{DEEP}}}]',
]


@pytest.mark.parametrize("text", MALFORMED_CALLS)
def test_a_malformed_call_with_a_readable_id_is_answered(text):
    for version, code in (
        (V16, ErrorCode.FORMAT_VIOLATION),
        (V201, ErrorCode.RPC_FRAMEWORK_ERROR),
    ):
        error = refusal(text, version)
        assert (error.code, error.message_id, error.answerable) == (code, "id", True)


@pytest.mark.parametrize("payload", ["null", "[]", "5", '"x"', "true"])
@pytest.mark.parametrize("version", OcppVersion)
def test_a_payload_that_is_no_object_violates_the_format(payload, version):
    error = refusal(f'[2,"id","Heartbeat",{payload}]', version)
    assert (error.code, error.message_id) == (ErrorCode.FORMAT_VIOLATION, "id")
    assert error.answerable


MALFORMED_ANSWERS = [
    '[3,"id"]',
    '[3,"id",{},{}]',
    '[3,"id",null]',
    '[3,"id",{"a":"\\u0000"}]',
    '[4,"id"]',
    '[4,"id","a","b",{},1]',
    '[4,"id",5,"",{}]',
]


@pytest.mark.parametrize("text", MALFORMED_ANSWERS)
@pytest.mark.parametrize("version", OcppVersion)
def test_a_malformed_answer_is_never_answered_but_names_its_command(text, version):
    error = refusal(text, version)
    assert (error.message_id, error.answerable) == ("id", False)


@pytest.mark.parametrize("text", ["[1]", '[5,"id","x","",{}]', '[6,"id","x",{}]', "[-1,7]"])
def test_16_ignores_an_unknown_message_type(text):
    assert isinstance(frames.parse(text, V16), Ignored)


@pytest.mark.parametrize(("text", "message_id"), [('[6,"id","x",{}]', "id"), ("[9]", None)])
def test_2_answers_an_unknown_message_type(text, message_id):
    error = refusal(text, V201)
    assert error.code is ErrorCode.MESSAGE_TYPE_NOT_SUPPORTED
    assert (error.message_id, error.answerable) == (message_id, True)


@pytest.mark.parametrize(
    ("text", "description", "details"),
    [
        ('[4,"id","GenericError"]', "", {}),
        ('[4,"id","GenericError","why"]', "why", {}),
        ('[4,"id","GenericError",null,null]', "", {}),
        ('[4,"id","GenericError","why",{"a":1}]', "why", {"a": 1}),
    ],
)
def test_an_error_with_parts_left_out_still_counts(text, description, details):
    assert frames.parse(text, V16) == CallError("id", "GenericError", description, details)


def test_the_escape_of_a_backslash_is_no_nul():
    call = frames.parse('[2,"id","DataTransfer",{"data":"\\\\u0000"}]', V16)
    assert call == Call("id", "DataTransfer", {"data": "\\u0000"})


def test_a_wide_frame_is_not_a_deep_one():
    payload = {"list": [{"a": [index]} for index in range(200)]}
    text = frames.encode_call("id", "NotifyReport", payload)
    assert frames.parse(text, V201) == Call("id", "NotifyReport", payload)


def test_the_deepest_frame_that_is_read():
    nested = "[" * 62 + "]" * 62
    assert isinstance(frames.parse(f'[2,"id","DataTransfer",{{"data":{nested}}}]', V16), Call)


def test_an_error_without_a_readable_id_answers_minus_one():
    text = frames.encode_error(None, ErrorCode.RPC_FRAMEWORK_ERROR, version=V201)
    assert text == '[4,"-1","RpcFrameworkError","",{}]'


def test_an_error_speaks_the_spelling_of_its_version():
    text = frames.encode_error("id", ErrorCode.FORMAT_VIOLATION, version=V16)
    assert text == '[4,"id","FormationViolation","",{}]'


def test_an_error_description_is_cut_and_always_encodable():
    text = frames.encode_error(
        "id", ErrorCode.GENERIC_ERROR, version=V16, description="\ud800" + "x" * 300
    )
    assert json.loads(text)[3] == "?" + "x" * 254
