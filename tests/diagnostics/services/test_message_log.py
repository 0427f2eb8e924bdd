"""What the message log shows of secrets: nothing, wherever they stand."""

import json

import pytest

from diagnostics.services.message_log import masked
from tests.stations.ocpp.batches import V201, Line, told_at

SECRET = "0123456789abcdef0123"


@pytest.mark.parametrize(
    "told",
    [
        {"key": "AuthorizationKey", "value": SECRET},
        {"value": SECRET, "key": "AuthorizationKey"},
        {"key": "authorizationkey", "value": SECRET},
        {
            "configurationKey": [
                {"key": "A", "value": "1"},
                {"key": "AuthorizationKey", "value": SECRET},
            ]
        },
        {"variable": {"name": "BasicAuthPassword"}, "attributeValue": SECRET},
        {"variable": {"name": "BasicAuthPassword"}, "variableAttribute": [{"value": SECRET}]},
        {"connectionData": {"apn": {"apnPassword": SECRET}}},
        {"key": "AuthorizationKey", "readonly": False, "value": SECRET + '\\"'},
    ],
)
def test_secret_is_hidden(told):
    shown = masked(json.dumps(told))
    assert SECRET not in shown
    assert "***" in shown
    json.loads(shown)


@pytest.mark.parametrize(
    "text",
    [
        '{"key":  "HeartbeatInterval", "value": "300"}',
        '{"configurationKey": [{"key": "AuthorizationKey", "readonly": true}]}',
        '{"unknownKey":["AuthorizationKey"]}',
        "{}",
        "",
        "no JSON of a Password",
    ],
)
def test_all_else_stays_as_it_was_sent(text):
    assert masked(text) == text


def test_secret_in_a_broken_frame_is_hidden():
    text = f'[3,"m",{{"key":"AuthorizationKey","value":"{SECRET}"}}'
    assert SECRET not in masked(text)


def test_neighbour_of_a_secret_is_shown():
    told = [{"key": "AuthorizationKey", "value": SECRET}, {"key": "Interval", "value": "300"}]
    assert json.loads(masked(json.dumps(told)))[1]["value"] == "300"


@pytest.mark.django_db
def test_secret_that_a_station_reports_is_hidden_in_its_row():
    line = Line(V201)
    data = {
        "component": {"name": "SecurityCtrlr"},
        "variable": {"name": "BasicAuthPassword"},
        "variableAttribute": [{"value": SECRET}],
    }
    told = {"requestId": 1, "generatedAt": told_at(), "seqNo": 0, "reportData": [data]}
    line.call("NotifyReport", told)
    assert SECRET not in line.log.payload
