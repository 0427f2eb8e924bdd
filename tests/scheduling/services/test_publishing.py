"""What publishing writes, and that it writes nothing twice."""

from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from scheduling.domain.statuses import Availability, WindowSource
from scheduling.models import EvseAvailability, PublishedStatus, StatusLedger
from scheduling.selectors.snapshots import snapshots
from scheduling.services.publishing import publish, republish
from scheduling.services.windows import set_window
from scheduling.signals import statuses_published
from stations.domain.reported_status import ReportedStatus
from tests import factories
from tests.clock import NOON as NOW
from tests.statements import counted_statements

pytestmark = pytest.mark.django_db
MINUTE = timedelta(minutes=1)


def reporting(status=ReportedStatus.AVAILABLE, count=1, **station_fields):
    """Return EVSEs of one active, connected station that all report the same."""
    return factories.reporting_evses(status, count=count, **station_fields)


def published(evse):
    return PublishedStatus.objects.get(pk=evse.pk)


def ledger(evse):
    return list(StatusLedger.objects.filter(evse=evse).order_by("id"))


def test_first_publishing_creates_row_availability_and_ledger():
    (evse,) = reporting()
    assert republish([evse.pk], now=NOW) == {evse.pk}
    row = published(evse)
    assert (row.status, row.cause, row.published_at) == ("AVAILABLE", "reported", NOW)
    assert not row.is_announced
    assert [entry.status for entry in ledger(evse)] == ["AVAILABLE"]
    assert EvseAvailability.objects.get(pk=evse.pk).due_at is None


def test_publishing_again_changes_nothing():
    (evse,) = reporting()
    republish([evse.pk], now=NOW)
    PublishedStatus.objects.update(is_announced=True)
    with CaptureQueriesContext(connection) as queries:
        assert republish([evse.pk], now=NOW + MINUTE) == set()
    assert not any("UPDATE" in query["sql"].split(" FOR ")[0] for query in queries)
    assert published(evse).is_announced
    assert len(ledger(evse)) == 1


def test_change_of_report_within_a_status_goes_to_the_ledger_but_is_no_news():
    (evse,) = reporting(ReportedStatus.PREPARING)
    republish([evse.pk], now=NOW)
    PublishedStatus.objects.update(is_announced=True)
    factories.report(evse, ReportedStatus.CHARGING)
    assert republish([evse.pk], now=NOW + MINUTE) == {evse.pk}
    row = published(evse)
    assert (row.reported, row.published_at, row.is_announced) == ("Charging", NOW, True)
    assert [entry.reported for entry in ledger(evse)] == ["Preparing", "Charging"]


def test_status_change_is_dated_and_waits_to_be_announced():
    (evse,) = reporting()
    republish([evse.pk], now=NOW)
    PublishedStatus.objects.update(is_announced=True)
    factories.report(evse, ReportedStatus.FAULTED)
    republish([evse.pk], now=NOW + MINUTE)
    row = published(evse)
    assert (row.status, row.published_at, row.is_announced) == ("FAULTED", NOW + MINUTE, False)


def test_running_session_makes_an_evse_occupied():
    (evse,) = reporting()
    factories.session(evse.station, evse=evse)
    republish([evse.pk], now=NOW)
    assert (published(evse).status, published(evse).cause) == ("OCCUPIED", "session")


def test_disabled_station_is_out_of_service_and_its_availability_due():
    (evse,) = reporting(is_disabled=True)
    republish([evse.pk], now=NOW)
    assert published(evse).status == "OUT_OF_SERVICE"
    row = EvseAvailability.objects.get(pk=evse.pk)
    assert (row.desired, row.due_at, row.attempts) == ("Inoperative", NOW, 0)


def test_outage_counts_after_its_grace_and_says_when_that_is():
    (evse,) = reporting()
    republish([evse.pk], now=NOW)
    factories.disconnect(evse.station, at=NOW)
    assert republish([evse.pk], now=NOW) == set()
    assert published(evse).next_change_at == NOW + MINUTE
    assert len(ledger(evse)) == 1
    republish([evse.pk], now=NOW + MINUTE)
    row = published(evse)
    assert (row.status, row.is_online, row.next_change_at) == ("UNKNOWN", False, None)


def test_grace_is_a_setting(settings):
    settings.OCPP_OFFLINE_GRACE_S = 5
    (evse,) = reporting()
    factories.disconnect(evse.station, at=NOW)
    republish([evse.pk], now=NOW + timedelta(seconds=5))
    assert published(evse).status == "UNKNOWN"


def test_command_by_hand_is_kept_until_it_is_forgotten():
    (evse,) = reporting()
    republish([evse.pk], now=NOW, manual={evse.pk: Availability.INOPERATIVE})
    republish([evse.pk], now=NOW)
    assert (published(evse).manual, published(evse).status) == ("Inoperative", "OUT_OF_SERVICE")
    republish([evse.pk], now=NOW, manual={evse.pk: None})
    assert (published(evse).manual, published(evse).status) == ("", "AVAILABLE")


def test_unknown_location_and_unreported_connectors_are_published_too():
    station = factories.station(setup_state="ACTIVE")
    evse = factories.evse(station)
    republish([evse.pk], now=NOW)
    assert (published(evse).status, published(evse).cause) == ("UNKNOWN", "offline")


def test_receivers_hear_after_commit(django_capture_on_commit_callbacks):
    heard = []

    def hear(evse_ids, **kwargs):
        heard.append(evse_ids)

    statuses_published.connect(hear)
    (evse,) = reporting()
    try:
        with django_capture_on_commit_callbacks(execute=True), transaction.atomic():
            republish([evse.pk], now=NOW)
            assert not heard
    finally:
        statuses_published.disconnect(hear)
    assert heard == [{evse.pk}]


def test_snapshots_from_memory_are_published_with_two_reads():
    evses = reporting(count=3)
    ids = [evse.pk for evse in evses]
    found = snapshots(ids)
    assert publish(found, now=NOW) == set(ids)
    with counted_statements() as statements:
        assert publish(found, now=NOW) == set()
    assert len(statements) == 2
    assert publish([], now=NOW) == republish([], now=NOW) == set()


def test_error_and_status_of_the_whole_station_are_in_the_snapshot():
    (evse,) = reporting()
    evse.station.connection.status = "Faulted"
    evse.station.connection.error_code = "GroundFailure"
    evse.station.connection.save()
    (snapshot,) = snapshots([evse.pk])
    assert (snapshot.whole_station, snapshot.error_code) == ("Faulted", "GroundFailure")
    republish([evse.pk], now=NOW)
    assert published(evse).status == "FAULTED"


@pytest.mark.parametrize("count", [1, 50])
def test_number_of_queries_does_not_grow(count, django_assert_max_num_queries):
    evses = reporting(count=count)
    ids = [evse.pk for evse in evses]
    republish(ids, now=NOW)
    set_window(target=evses[0].station, status="OUT_OF_SERVICE", source=WindowSource.STAFF, now=NOW)
    factories.report(evses[0], ReportedStatus.CHARGING)
    with django_assert_max_num_queries(8):  # 5 reads; published, ledger, availability
        republish(ids, now=NOW + MINUTE, manual=dict.fromkeys(ids, Availability.OPERATIVE))
