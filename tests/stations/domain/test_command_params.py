"""Tests of the parameters of commands: their normal form, and every reason to refuse them."""

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.domain.command import CommandKind
from stations.domain.command_params import (
    NEEDS_EVSE,
    PARAMS,
    TAKES_EVSE,
    ParamsRefused,
    normalise_params,
)

K = CommandKind


@pytest.mark.parametrize(
    ("kind", "params", "normal"),
    [
        (K.RESET, {"type": "soft"}, {"type": "Soft"}),
        (K.RESET, {"type": "OnIdle"}, {"type": "Soft"}),
        (K.RESET, {"type": "Hard"}, {"type": "Hard"}),
        (
            K.CHANGE_AVAILABILITY,
            {"availability": "inoperative", "connector": "2"},
            {"availability": "Inoperative", "connector": 2},
        ),
        (
            K.TRIGGER_MESSAGE,
            {"message": "status_notification"},
            {"message": "StatusNotification"},
        ),
        (K.GET_CONFIGURATION, {}, {}),
        (K.GET_CONFIGURATION, {"keys": "A, B"}, {"keys": ["A", "B"]}),
        (K.GET_CONFIGURATION, {"keys": None}, {}),
        (
            K.CHANGE_CONFIGURATION,
            {"key": "K", "value": True},
            {"key": "K", "value": "true"},
        ),
        (K.CHANGE_CONFIGURATION, {"key": "K", "value": 300}, {"key": "K", "value": "300"}),
        (K.CHANGE_CONFIGURATION, {"key": "K", "value": ""}, {"key": "K", "value": ""}),
        (
            K.REMOTE_START,
            {"token": 1234, "token_type": "rfid"},
            {"token": "1234", "token_type": "iso14443"},
        ),
        (K.REMOTE_STOP, {"transaction_id": 7}, {"transaction_id": "7"}),
        (K.REMOTE_STOP, {"session": 7}, {"session": 7}),
        (K.CLEAR_CACHE, {}, {}),
        (
            K.DATA_TRANSFER,
            {"vendor_id": "v", "data": {"a": [1]}},
            {"vendor_id": "v", "data": {"a": [1]}},
        ),
        (
            K.RAW,
            {"action": "Reset", "payload": {"type": "x"}},
            {"action": "Reset", "payload": {"type": "x"}},
        ),
    ],
)
def test_params_come_in_one_normal_form(kind, params, normal):
    assert normalise_params(kind, params) == normal


@pytest.mark.parametrize(
    ("kind", "params", "wrong"),
    [
        (K.RESET, {}, {"type"}),
        (K.RESET, {"type": "Warm"}, {"type"}),
        (K.RESET, {"type": 1}, {"type"}),
        (K.RESET, {"type": "Soft", "force": 1}, {"force"}),
        (K.CHANGE_AVAILABILITY, {"availability": "Operative", "connector": 0}, {"connector"}),
        (K.CHANGE_AVAILABILITY, {"availability": "Operative", "connector": True}, {"connector"}),
        (K.TRIGGER_MESSAGE, {"message": "Authorize"}, {"message"}),
        (K.GET_CONFIGURATION, {"keys": 5}, {"keys"}),
        (K.GET_CONFIGURATION, {"keys": [""]}, {"keys"}),
        (K.CHANGE_CONFIGURATION, {}, {"key", "value"}),
        (K.CHANGE_CONFIGURATION, {"key": "k\0", "value": "v" * 2501}, {"key", "value"}),
        (K.CHANGE_CONFIGURATION, {"key": "k", "value": {}}, {"value"}),
        (K.REMOTE_START, {"token": "t" * 37}, {"token"}),
        (K.REMOTE_STOP, {}, {"transaction_id"}),
        (K.CLEAR_CACHE, {"all": True}, {"all"}),
        (K.RAW, {"payload": []}, {"action", "payload"}),
        (K.RAW, {"action": 'Reset","x'}, {"action"}),
    ],
)
def test_every_wrong_param_is_named(kind, params, wrong):
    with pytest.raises(ParamsRefused) as caught:
        normalise_params(kind, params)
    assert caught.value.errors.keys() == wrong


def test_an_unknown_param_is_told_what_there_is():
    with pytest.raises(ParamsRefused, match="There is no such parameter of reset; it takes: type"):
        normalise_params(K.RESET, {"type": "Soft", "hard": True})


def test_every_kind_has_its_params():
    assert PARAMS.keys() == set(CommandKind)
    assert NEEDS_EVSE <= TAKES_EVSE


JSON: st.SearchStrategy[Any] = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats() | st.text(),
    lambda inner: st.lists(inner) | st.dictionaries(st.text(), inner),
    max_leaves=4,
)
NAMES = sorted({name for params in PARAMS.values() for name in params})


@given(st.sampled_from(K), st.dictionaries(st.sampled_from(NAMES), JSON, max_size=4))
def test_any_params_are_normal_or_refused_and_normal_stays_normal(kind, params):
    try:
        normal = normalise_params(kind, params)
    except ParamsRefused:
        return
    assert normalise_params(kind, normal) == normal
