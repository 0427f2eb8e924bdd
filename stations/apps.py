"""Django's view of the app."""

from importlib import import_module

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class StationsConfig(AppConfig):
    name = "stations"
    verbose_name = _("Stations")
    default_auto_field = "django.db.models.BigAutoField"

    def ready(self) -> None:
        import_module("stations.receivers")
        import_module("stations.rows.lookups")
