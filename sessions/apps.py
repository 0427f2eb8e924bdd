"""Django's view of the app; the label differs because Django's own sessions app has this name."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class SessionsConfig(AppConfig):
    name = "sessions"
    label = "charging"
    verbose_name = _("Sessions")
    default_auto_field = "django.db.models.BigAutoField"
