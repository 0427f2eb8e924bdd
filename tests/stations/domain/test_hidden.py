"""Tests of what is a secret and how it is hidden."""

import pytest

from stations.domain.hidden import hide_secrets, is_secret_key

SECRET = "3c0f"


@pytest.mark.parametrize(
    "key",
    [
        "AuthorizationKey",
        "authorizationkey",
        "BasicAuthPassword",
        "SecurityCtrlr.BasicAuthPassword",
        "SecurityCtrlr[a].BasicAuthPassword[b]",
    ],
)
def test_keys_that_set_a_password_are_secret(key):
    assert is_secret_key(key)


def test_other_keys_are_not_secret():
    assert not is_secret_key("HeartbeatInterval")
    assert not is_secret_key("SecurityCtrlr.SecurityProfile")


@pytest.mark.parametrize(
    "value",
    [
        {"key": "AuthorizationKey", "value": SECRET},
        {"action": "ChangeConfiguration", "payload": {"key": "authorizationKey", "value": SECRET}},
        {
            "setVariableData": [
                {
                    "attributeValue": SECRET,
                    "component": {"name": "SecurityCtrlr"},
                    "variable": {"name": "BasicAuthPassword"},
                }
            ]
        },
        {"configurationKey": [{"key": "AuthorizationKey", "readonly": False, "value": SECRET}]},
        {"connectionData": {"apn": {"apnPassword": SECRET}, "vpn": {"password": SECRET}}},
    ],
)
def test_secrets_are_hidden_wherever_they_are(value):
    shown = hide_secrets(value)
    assert SECRET not in repr(shown)
    assert "***" in repr(shown)


@pytest.mark.parametrize(
    "value",
    [
        {},
        None,
        {"key": "HeartbeatInterval", "value": "300"},
        {"key": ["AuthorizationKey"]},
        {"key": 5, "variable": "x", "value": [1]},
    ],
)
def test_what_holds_no_secret_stays_as_it_is(value):
    assert hide_secrets(value) == value
