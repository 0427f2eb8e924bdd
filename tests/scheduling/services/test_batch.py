"""What a batch of messages publishes."""

from datetime import timedelta

import pytest
from django.utils import timezone

from scheduling.domain.statuses import Availability, PublicStatus
from scheduling.models import EvseAvailability, PublishedStatus
from scheduling.services.publishing import republish
from stations.domain.command import CommandKind, CommandSource, CommandState
from stations.domain.setup_state import SetupState
from stations.models import Evse
from stations.ocpp.connection import OutgoingCall
from stations.ocpp.frames import CallResult
from tests import factories
from tests.stations.ocpp.batches import Line, commit

pytestmark = pytest.mark.django_db


def inoperative_by_hand(line):
    """The station has said that it is Unavailable, as it was told by hand."""
    status = {"connectorId": 1, "errorCode": "NoError", "status": "Unavailable"}
    line.call("StatusNotification", status)
    evse = Evse.objects.get(station=line.station)
    republish([evse.pk], now=timezone.now(), manual={evse.pk: Availability.INOPERATIVE})
    return evse


def order(line, evse):
    """A CALL of ours under way: the EVSE shall be in service again, by hand."""
    command = factories.command(
        line.station,
        kind=CommandKind.CHANGE_AVAILABILITY,
        params={"availability": "Operative"},
        evse=evse,
        source=CommandSource.API,
        state=CommandState.SENT,
        expires_at=timezone.now() + timedelta(minutes=1),
    )
    return OutgoingCall(command.pk, line.station.pk, "x", "ChangeAvailability", "{}", "{}", 30)


def test_answer_and_status_of_one_batch_are_both_published():
    line = Line(setup_state=SetupState.ACTIVE)
    evse = inoperative_by_hand(line)
    assert PublishedStatus.objects.get(pk=evse.pk).status == PublicStatus.OUT_OF_SERVICE
    accepted = CallResult("x", {"status": "Accepted"})
    line.desk.settle(line.connection, order(line, evse), accepted)
    status = {"connectorId": 1, "errorCode": "NoError", "status": "Available"}
    line.say("StatusNotification", status)
    commit(line)
    published = PublishedStatus.objects.get(pk=evse.pk)
    assert (published.manual, published.status) == (Availability.OPERATIVE, PublicStatus.AVAILABLE)
    assert published.desired == EvseAvailability.objects.get(pk=evse.pk).desired
