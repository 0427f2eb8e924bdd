from datetime import timedelta
from decimal import Decimal

import pytest
from django.db.models import Q

from roaming.ocpi.v221.locations import coordinates_json, evse_json, schedule_json
from roaming.selectors.evses import load_shown, shared
from scheduling.domain.statuses import PublicStatus
from stations.domain.setup_state import SetupState
from tests.roaming.ocpi_shapes import evse_problems
from tests.roaming.scenes import NOW, place, point, publish, window


def shown(evse):
    (found,) = load_shown(Q(pk=evse.pk) & shared(), now=NOW)
    return evse_json(found)


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("published", "said"),
    [
        (PublicStatus.AVAILABLE, "AVAILABLE"),
        (PublicStatus.OCCUPIED, "CHARGING"),
        (PublicStatus.OUT_OF_ORDER, "OUTOFORDER"),
        (PublicStatus.MAINTENANCE, "INOPERATIVE"),
    ],
)
def test_the_published_status_is_said_in_ocpi(published, said):
    evse = point(place(), evse_id="NL*CHD*E1")
    publish(evse, published)
    assert shown(evse)["status"] == said
    assert evse_problems(shown(evse)) == []


@pytest.mark.django_db
def test_an_evse_of_which_nothing_is_published_is_unknown():
    assert shown(point(place()))["status"] == "UNKNOWN"


@pytest.mark.django_db
def test_a_station_that_is_not_active_yet_is_planned():
    evse = point(place(), evse_id="NL*CHD*E1", setup_state=SetupState.ACTIVATION_PENDING)
    assert shown(evse)["status"] == "PLANNED"


@pytest.mark.django_db
def test_a_retired_evse_that_was_shown_is_removed():
    evse = point(place(), evse_id="NL*CHD*E1")
    evse.retired_at = NOW
    evse.save()
    assert shown(evse)["status"] == "REMOVED"


@pytest.mark.django_db
def test_windows_that_are_not_over_are_scheduled_ahead():
    evse = point(place())
    window(PublicStatus.MAINTENANCE, begin=NOW - timedelta(minutes=30), evse=evse)
    window(PublicStatus.OUT_OF_ORDER, begin=NOW + timedelta(days=1), hours=None, evse=evse)
    window(PublicStatus.OUT_OF_ORDER, begin=NOW - timedelta(days=1), evse=evse)
    assert shown(evse)["status_schedule"] == [
        {
            "period_begin": "2026-03-10T11:30:00Z",
            "period_end": "2026-03-10T12:30:00Z",
            "status": "INOPERATIVE",
        },
        {"period_begin": "2026-03-11T12:00:00Z", "status": "OUTOFORDER"},
    ]


@pytest.mark.django_db
def test_the_narrower_window_is_scheduled_where_windows_overlap():
    evse = point(place())
    window(PublicStatus.MAINTENANCE, hours=4, location=evse.station.location)
    window(PublicStatus.OUT_OF_ORDER, begin=NOW + timedelta(hours=1), hours=2, evse=evse)
    said = [period["status"] for period in shown(evse)["status_schedule"]]
    assert said == ["INOPERATIVE", "OUTOFORDER", "INOPERATIVE"]


def test_no_windows_make_an_empty_schedule():
    assert schedule_json([]) == []


@pytest.mark.parametrize(
    ("latitude", "longitude", "written"),
    [
        ("52.1", "4.895168", ("52.100000", "4.895168")),
        ("-0.5", "-179.999999", ("-0.500000", "-179.999999")),
    ],
)
def test_coordinates_are_padded(latitude, longitude, written):
    found = coordinates_json(Decimal(latitude), Decimal(longitude))
    assert (found["latitude"], found["longitude"]) == written
