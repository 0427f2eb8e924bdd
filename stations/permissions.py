"""Who may do what: access that ends, and the permissions of API routes."""

from typing import Any

from django.contrib.auth.backends import ModelBackend
from django.utils import timezone
from rest_framework.permissions import DjangoModelPermissions

from stations.models import User


class LimitedTimeBackend(ModelBackend):
    """Django's own backend, minus the users whose access has ended."""

    def user_can_authenticate(self, user: Any) -> bool:
        """Say whether `user` is active and their access has not ended."""
        if isinstance(user, User) and user.has_ended(timezone.now()):
            return False
        return super().user_can_authenticate(user)


class ModelPermissions(DjangoModelPermissions):
    """Reading needs the view permission too; the permissions of a group are a token's scopes."""

    perms_map = DjangoModelPermissions.perms_map | {
        "GET": ["%(app_label)s.view_%(model_name)s"],
        "HEAD": ["%(app_label)s.view_%(model_name)s"],
        "OPTIONS": [],
    }
