"""The addresses of the app: OCPI for partners, pages for drivers."""

from django.urls import path, re_path

from roaming.views import ocpi_credentials, ocpi_locations, ocpi_versions, status, status_json

_LOCATION = "ocpi/2.2.1/locations/<str:location_id>"

urlpatterns = [
    path("ocpi/versions", ocpi_versions.versions, name="ocpi-versions"),
    path("ocpi/2.2.1/", ocpi_versions.details, name="ocpi-2.2.1"),
    path("ocpi/2.2.1/credentials", ocpi_credentials.credentials, name="ocpi-2.2.1-credentials"),
    path("ocpi/2.2.1/locations", ocpi_locations.locations, name="ocpi-2.2.1-locations"),
    path(_LOCATION, ocpi_locations.location),
    path(f"{_LOCATION}/<str:evse_uid>", ocpi_locations.evse),
    path(f"{_LOCATION}/<str:evse_uid>/<str:connector_id>", ocpi_locations.connector),
    re_path(r"^ocpi/(?P<path>.*)$", ocpi_versions.unknown),
    path("status/", status.locations, name="status"),
    path("status/locations.json", status_json.locations, name="status-json"),
    path("status/locations/<slug:slug>/", status.location, name="status-location"),
    path("e/<str:evse_id>", status.evse, name="status-evse"),
]
