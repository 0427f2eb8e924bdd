"""The demo's sample data: complete, and harmless when made again."""

from datetime import timedelta

import pytest
from django.utils import timezone

from config.demo.places import EVSES_PER_STATION, PLACES, PLANS, STATIONS, TOKENS
from config.demo.sample_data import ensure_sample_data
from scheduling.domain.statuses import PublicStatus
from scheduling.models import PublishedStatus, StatusWindow
from sessions.models import ChargingSession, Token
from stations.models import Connector, Evse, Location, Station
from stations.services.first_start import ensure_first_data

pytestmark = pytest.mark.django_db
EVSES = STATIONS * EVSES_PER_STATION


@pytest.fixture
def now():
    ensure_first_data("a password of the demo")
    return timezone.now()


def counts():
    models = (Location, Station, Evse, Connector, Token, ChargingSession, StatusWindow)
    return [model.objects.count() for model in models]


def test_demo_is_complete(now):
    ensure_sample_data(now)
    assert Location.objects.filter(is_published=True).count() == len(PLACES)
    assert Station.objects.filter(setup_state="ACTIVE").count() == STATIONS
    assert Evse.objects.exclude(evse_id="").count() == Connector.objects.count() == EVSES
    assert set(Token.objects.values_list("uid", flat=True)) == set(TOKENS)
    assert StatusWindow.objects.count() == len(PLANS)


def test_windows_of_now_are_published(now):
    ensure_sample_data(now)
    in_maintenance = PublishedStatus.objects.filter(status=PublicStatus.MAINTENANCE)
    assert in_maintenance.count() == EVSES_PER_STATION
    assert PublishedStatus.objects.count() == EVSES


def test_demo_may_be_made_again(now):
    ensure_sample_data(now)
    before = counts()
    ensure_sample_data(now + timedelta(seconds=1))
    assert counts() == before


def test_windows_that_are_over_are_set_anew(now):
    ensure_sample_data(now)
    ensure_sample_data(now + timedelta(days=2))
    assert StatusWindow.objects.count() == 2 * len(PLANS)


def test_past_sessions_have_ended(now):
    ensure_sample_data(now)
    assert not ChargingSession.objects.filter(ended_at=None).exists()
    assert not ChargingSession.objects.filter(ended_at__gt=now).exists()
