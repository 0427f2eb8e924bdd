"""The resources of the integrators' API, sorted by address."""

from django.urls import include, path, re_path
from rest_framework.routers import SimpleRouter

from diagnostics.api.messages import MessageViewSet
from roaming.api.deliveries import DeliveryViewSet
from roaming.api.partners import PartnerViewSet
from scheduling.api.evses import EvseViewSet
from scheduling.api.ledger import StatusLedgerViewSet
from scheduling.api.status_windows import StatusWindowViewSet
from scheduling.api.temporary_statuses import TemporaryEvseStatusViewSet
from sessions.api.charging_sessions import ChargingSessionViewSet
from sessions.api.meter_values import MeterValueViewSet
from sessions.api.stations import StationWithTermsViewSet
from sessions.api.tokens import TokenViewSet
from stations.api.accounts import AccountViewSet
from stations.api.commands import CommandViewSet, StationCommandViewSet
from stations.api.connectors import ConnectorViewSet
from stations.api.locations import LocationViewSet
from stations.api.operators import OperatorViewSet
from stations.api.unknown import UnknownAddress
from stations.domain.identity import STATION_IDENTITY

router = SimpleRouter()
router.register("accounts", AccountViewSet)
router.register("commands", CommandViewSet, basename="command")
router.register("connectors", ConnectorViewSet)
router.register("deliveries", DeliveryViewSet)
router.register("evses", EvseViewSet)
router.register("locations", LocationViewSet)
router.register("messages", MessageViewSet)
router.register("meter-values", MeterValueViewSet)
router.register("operators", OperatorViewSet)
router.register("partners", PartnerViewSet)
router.register("sessions", ChargingSessionViewSet)
router.register("stations", StationWithTermsViewSet)
router.register(
    rf"stations/(?P<identity>{STATION_IDENTITY.pattern})/commands",
    StationCommandViewSet,
    basename="station-command",
)
router.register("status-ledger", StatusLedgerViewSet)
router.register("status-windows", StatusWindowViewSet)
router.register(
    "temporary-evse-statuses", TemporaryEvseStatusViewSet, basename="temporary-evse-status"
)
router.register("tokens", TokenViewSet)

urlpatterns = [
    path("", include(router.urls)),
    re_path("^.*$", UnknownAddress.as_view()),
]
