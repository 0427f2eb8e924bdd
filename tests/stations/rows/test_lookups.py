"""`any_of`: like `in`, with all values in one parameter."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from stations.models import Connector, Station
from stations.rows.read import read_tuples
from tests import factories
from tests.stations.rows.hostile import any_texts

pytestmark = pytest.mark.django_db


@given(st.lists(any_texts, max_size=5))
def test_texts_are_compared_as_they_are(values):
    station = factories.station(vendor=values[0] if values else "other")
    found = Station.objects.filter(vendor__any_of=values, pk=station.pk)
    assert found.exists() is bool(values)


@pytest.mark.parametrize("kind", [list, set, tuple])
def test_numbers_of_any_collection(kind):
    stations = [factories.station() for _ in range(3)]
    wanted = kind(station.pk for station in stations[:2])
    assert set(Station.objects.filter(pk__any_of=wanted)) == set(stations[:2])


def test_foreign_keys_and_what_lies_beyond():
    evse = factories.evse(factories.station())
    factories.evse(factories.station())
    rows = Connector.objects.filter(station__any_of=[evse.station_id])
    assert [connector.evse for connector in rows] == [evse]
    assert read_tuples(rows.order_by().values_list("evse_id", "ocpp_evse_id")) == [(evse.pk, 1)]
