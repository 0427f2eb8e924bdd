"""The words of scheduling fit together."""

from scheduling.domain.statuses import (
    OPERATOR_STATUSES,
    SENSOR_STATUSES,
    Availability,
    AvailabilityOutcome,
    PublicStatus,
    TargetKind,
    WindowSource,
    WindowStatus,
)


def test_every_window_status_is_a_public_status():
    assert {PublicStatus(status) for status in WindowStatus} == set(PublicStatus) - {
        PublicStatus.UNKNOWN,
        PublicStatus.REMOVED,
    }


def test_blocked_and_reserved_are_the_sensor_rank_and_all_others_the_operators():
    assert {"BLOCKED", "RESERVED"} == SENSOR_STATUSES
    assert set(WindowStatus) - SENSOR_STATUSES == OPERATOR_STATUSES


def test_evse_is_narrower_than_station_and_station_than_location():
    assert sorted(TargetKind, key=lambda kind: kind.narrowness) == ["location", "station", "evse"]


def test_words_that_are_stored_or_sent_are_spelled_as_designed():
    assert list(WindowSource) == ["staff", "api", "owner", "technician", "system"]
    assert list(Availability) == ["Operative", "Inoperative"]
    assert set(AvailabilityOutcome) == {
        "pending",
        "accepted",
        "scheduled",
        "rejected",
        "timed_out",
        "offline",
        "ignored",
    }
