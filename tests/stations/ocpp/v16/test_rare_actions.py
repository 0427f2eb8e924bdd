"""The rare actions of OCPP 1.6, and those that are not served."""

import pytest

from diagnostics.models import Message
from tests.stations.ocpp.batches import Line

pytestmark = pytest.mark.django_db


def test_data_transfer_of_an_unknown_vendor():
    line = Line()
    answer = line.call("DataTransfer", {"vendorId": "org.maker", "data": "anything"})
    assert answer == {"status": "UnknownVendorId"}
    assert line.log.payload == '{"vendorId": "org.maker", "data": "anything"}'


def test_firmware_status_is_noted():
    line = Line()
    assert line.call("FirmwareStatusNotification", {"status": "Downloading"}) == {}
    assert line.live.firmware_status == "Downloading"


def test_diagnostics_status_is_noted():
    line = Line()
    assert line.call("DiagnosticsStatusNotification", {"status": "Uploading"}) == {}
    assert line.live.log_status == "Uploading"


@pytest.mark.parametrize("action", ["SignCertificate", "Reset"])
def test_action_that_is_known_but_not_served(action):
    line = Line()
    assert line.refusal(action) == "NotSupported"
    assert (line.log.action, line.log.error_code) == (action, "NotSupported")


@pytest.mark.parametrize("action", ["TransactionEvent", "Brew", "heartbeat"])
def test_unknown_action(action):
    line = Line()
    assert line.refusal(action, {"cups": 2}) == "NotImplemented"
    assert Message.objects.get().payload == '{"cups": 2}'
