"""What readiness says of beat and intake."""

from datetime import timedelta

import pytest

from config.health.readiness import BEAT_GRACE_S, MAX_DEPTH, beat_fault, intake_fault
from stations.ocpp.node import Node


@pytest.mark.parametrize("age", [None, timedelta(minutes=5)])
def test_beat_has_time_to_start(age):
    assert beat_fault(age, up_s=BEAT_GRACE_S - 1) == ""


def test_beat_of_late_is_fine():
    assert beat_fault(timedelta(seconds=30), up_s=1e6) == ""


def test_beat_that_stopped_is_told_with_its_age():
    assert "31 s ago" in beat_fault(timedelta(seconds=31), up_s=1e6)


def test_beat_that_never_was_is_told():
    assert "never" in beat_fault(None, up_s=1e6)


def test_node_that_has_not_started_is_not_ready():
    assert "not started" in intake_fault(Node({}, []))


def test_intake_that_is_behind_is_not_ready():
    node = Node({}, [])
    node.id = 1
    assert intake_fault(node) == ""
    for number in range(MAX_DEPTH + 1):
        node.intake.submit(number)
    assert "messages wait" in intake_fault(node)
