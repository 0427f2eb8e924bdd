"""The rare actions of OCPP 2.0.1, and those that are not served."""

import pytest

from stations.domain.setup_state import RegistrationStatus
from tests.stations.ocpp.batches import V201, Line, told_at

pytestmark = pytest.mark.django_db

EVENT = {
    "eventId": 1,
    "timestamp": "2026-01-01T00:00:00Z",
    "trigger": "Alerting",
    "actualValue": "90",
    "eventNotificationType": "HardWiredNotification",
    "component": {"name": "Connector"},
    "variable": {"name": "Temperature"},
}


def test_data_transfer_of_an_unknown_vendor():
    line = Line(V201)
    answer = line.call("DataTransfer", {"vendorId": "org.maker", "data": {"any": ["thing"]}})
    assert answer == {"status": "UnknownVendorId"}
    assert line.log.payload == '{"vendorId": "org.maker", "data": {"any": ["thing"]}}'


def test_firmware_status_is_noted():
    line = Line(V201)
    assert line.call("FirmwareStatusNotification", {"status": "Downloading"}) == {}
    assert line.live.firmware_status == "Downloading"


def test_log_status_is_noted():
    line = Line(V201)
    assert line.call("LogStatusNotification", {"status": "Uploading", "requestId": 1}) == {}
    assert line.live.log_status == "Uploading"


@pytest.mark.parametrize(
    ("action", "told"),
    [
        ("NotifyEvent", {"generatedAt": told_at(), "seqNo": 0, "eventData": [EVENT]}),
        ("NotifyReport", {"requestId": 1, "generatedAt": told_at(), "seqNo": 0}),
        ("SecurityEventNotification", {"type": "TamperDetection", "timestamp": told_at()}),
    ],
)
def test_what_a_station_notifies_is_in_the_log(action, told):
    line = Line(V201)
    assert line.call(action, told) == {}
    assert (line.log.action, line.log.outcome, line.log.answer) == (action, "result", "{}")


def test_held_station_may_report_what_it_was_asked():
    line = Line(V201, registration=RegistrationStatus.PENDING)
    assert line.call("NotifyReport", {"requestId": 1, "generatedAt": told_at(), "seqNo": 0}) == {}


@pytest.mark.parametrize("action", ["SignCertificate", "Reset", "NotifyCustomerInformation"])
def test_action_that_is_known_but_not_served(action):
    assert Line(V201).refusal(action) == "NotSupported"


@pytest.mark.parametrize("action", ["StartTransaction", "Brew"])
def test_unknown_action(action):
    line = Line(V201)
    assert line.refusal(action) == "NotImplemented"
    assert line.log.error_code == "NotImplemented"


def test_held_station_may_not_send_an_unknown_action():
    line = Line(V201, registration=RegistrationStatus.PENDING)
    assert line.refusal("Brew") == "SecurityError"
