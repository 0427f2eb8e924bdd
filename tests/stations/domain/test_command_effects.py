"""Tests of which observation fulfils which command."""

from typing import Any

import pytest

from stations.domain.command import CommandKind
from stations.domain.command_effects import EffectSeen, is_effect_of
from stations.domain.reported_status import ReportedStatus

STATION, EVSE, COMMAND = 1, 10, 77


def is_seen(seen: EffectSeen | None, params: dict[str, Any], evse_id: int | None = None) -> bool:
    assert seen is not None
    return is_effect_of(seen, command_id=COMMAND, evse_id=evse_id, params=params)


def test_a_boot_fulfils_any_reset():
    assert is_seen(EffectSeen.reboot(STATION), {"type": "Hard"})


@pytest.mark.parametrize(
    ("status", "availability"),
    [
        (ReportedStatus.UNAVAILABLE, "Inoperative"),
        (ReportedStatus.AVAILABLE, "Operative"),
        (ReportedStatus.CHARGING, "Operative"),
    ],
)
def test_a_status_fulfils_the_availability_that_it_shows(status, availability):
    seen = EffectSeen.status(STATION, EVSE, status)
    for asked in ("Operative", "Inoperative"):
        assert is_seen(seen, {"availability": asked}, EVSE) == (asked == availability)


def test_a_status_of_another_evse_fulfils_nothing_but_the_whole_station():
    seen = EffectSeen.status(STATION, EVSE + 1, ReportedStatus.UNAVAILABLE)
    assert not is_seen(seen, {"availability": "Inoperative"}, EVSE)
    assert is_seen(seen, {"availability": "Inoperative"}, None)


def test_faulted_tells_nothing_of_availability():
    assert EffectSeen.status(STATION, EVSE, ReportedStatus.FAULTED) is None


def test_a_session_fulfils_the_start_that_it_names():
    named = EffectSeen.session_start(STATION, token="T", remote_start_id=COMMAND)
    other = EffectSeen.session_start(STATION, token="T", remote_start_id=COMMAND + 1)
    assert is_seen(named, {"token": "T"})
    assert not is_seen(other, {"token": "T"})


def test_a_session_that_names_no_start_is_known_by_its_token():
    assert is_seen(EffectSeen.session_start(STATION, token="abc"), {"token": "ABC"})
    assert not is_seen(EffectSeen.session_start(STATION, token="abd"), {"token": "ABC"})
    assert not is_seen(EffectSeen.session_start(STATION), {"token": "ABC"})


def test_an_end_fulfils_the_stop_of_the_same_transaction():
    assert is_seen(EffectSeen.session_end(STATION, 12), {"transaction_id": "12"})
    assert not is_seen(EffectSeen.session_end(STATION, 12), {"transaction_id": "13"})


def test_other_kinds_have_no_effect_to_see():
    assert not is_seen(EffectSeen(STATION, CommandKind.CLEAR_CACHE), {})
