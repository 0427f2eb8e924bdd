"""The people and programs that use the back office."""

from datetime import datetime
from typing import Any

from django.contrib.auth.models import AbstractUser
from django.db import models
from django.utils.functional import cached_property
from django.utils.translation import gettext_lazy as _
from timezone_field import TimeZoneField

from stations.domain.roles import Role


class User(AbstractUser):
    """A person, or a program that calls the API."""

    language = models.CharField(
        _("language"),
        max_length=2,
        choices=[("en", _("English")), ("nl", _("Dutch"))],
        default="en",
    )
    time_zone = TimeZoneField(_("time zone"), default="Europe/Amsterdam")
    valid_until = models.DateTimeField(
        _("access ends at"), null=True, blank=True, help_text=_("Empty: access does not end.")
    )
    sees_all_operators = models.BooleanField(
        _("sees all operators"),
        default=False,
        help_text=_("Without this a user sees only what their memberships name."),
    )

    class Meta:
        verbose_name = _("user")
        verbose_name_plural = _("users")

    @cached_property
    def is_technician(self) -> bool:
        """Say whether the user services stations for a company; one query, once."""
        memberships: models.Manager[Any] = self.memberships
        return memberships.filter(role=Role.FIELD_SERVICE_TECHNICIAN).exists()

    def has_ended(self, now: datetime) -> bool:
        """Say whether the user's access has ended."""
        return self.valid_until is not None and self.valid_until <= now
