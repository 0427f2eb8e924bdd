"""The project as a Django app: its commands, site templates and checks."""

from django.apps import AppConfig, apps
from django.db.models.signals import post_migrate

from config.receivers import create_groups


class ConfigConfig(AppConfig):
    name = "config"
    verbose_name = "Chargehand"

    def ready(self) -> None:
        # The last of our apps: the permissions of all of them exist by then.
        post_migrate.connect(create_groups, sender=apps.get_app_config("diagnostics"))
