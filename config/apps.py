"""The project as a Django app: its commands, site templates and checks."""

from django.apps import AppConfig


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Chargehand"
