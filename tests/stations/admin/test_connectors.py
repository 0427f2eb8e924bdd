"""The Connectors tab saves connectors and EVSE IDs together."""

import pytest
from django.urls import reverse

from stations.models import Connector, Evse
from tests import factories
from tests.staff import browser_of, superuser

pytestmark = pytest.mark.django_db


def save(station, **changes):
    connectors = list(station.connectors.all())
    fields = {"form-TOTAL_FORMS": len(connectors), "form-INITIAL_FORMS": len(connectors)}
    for index, connector in enumerate(connectors):
        values = {
            "id": connector.pk,
            "standard": "IEC_62196_T2_COMBO",
            "format": "CABLE",
            "power_type": "DC",
            "max_voltage_v": 400,
            "max_current_a": 125,
        }
        fields |= {f"form-{index}-{name}": value for name, value in values.items()}
    address = reverse("admin:stations_station_connectors", args=[station.pk])
    return browser_of(superuser()).post(address, fields | changes)


def test_connectors_and_evse_ids_are_saved():
    station = factories.station()
    factories.evse(station)
    assert save(station, **{"form-0-evse_id": "nl*chd*e0001"}).status_code == 302
    assert Connector.objects.get().max_power_w == 50_000
    assert Evse.objects.get().evse_id_key == "NLCHDE0001"


def test_a_taken_evse_id_saves_nothing():
    station = factories.station()
    factories.evse(station)
    factories.evse(station, number=2, evse_id="NL*CHD*E9", evse_id_key="NLCHDE9")
    changes = {"form-0-evse_id": "NL*CHD*E8", "form-1-evse_id": "NL*CHD*E8"}
    page = save(station, **changes)
    assert "in use" in page.content.decode()
    assert set(Evse.objects.values_list("evse_id", flat=True)) == {"", "NL*CHD*E9"}


def test_a_malformed_evse_id_is_refused():
    station = factories.station()
    factories.evse(station)
    assert save(station, **{"form-0-evse_id": "12345"}).context["formset"].errors[0]
