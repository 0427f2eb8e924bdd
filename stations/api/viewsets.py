"""What all resources share: scopes, known parameters, idempotent POST, one transaction a write."""

from typing import Any

from django.db import transaction
from django.db.models import QuerySet
from rest_framework import mixins
from rest_framework.exceptions import PermissionDenied, ValidationError
from rest_framework.request import Request
from rest_framework.serializers import BaseSerializer
from rest_framework.viewsets import GenericViewSet

from stations.api.idempotency import IdempotentPosts
from stations.models import User
from stations.permissions import may_change
from stations.querysets import VisibleQuerySet

NOT_YOURS = "You may see this, and not change it: your role there does not allow it."
PAGE_PARAMETERS = ("cursor", "page_size")


class ResourceViewSet(IdempotentPosts, GenericViewSet[Any]):
    """Shows and changes only the rows that the caller may see; others do not exist for them."""

    http_method_names = ["get", "post", "patch", "delete", "head", "options"]
    lookup_value_regex = "[0-9]{1,19}"

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        super().initial(request, *args, **kwargs)
        check_parameters(request, self.known_parameters())

    def known_parameters(self) -> list[str]:
        """Return the query parameters of this address and method."""
        if self.action != "list":
            return []
        filterset = getattr(self, "filterset_class", None)
        names = [] if filterset is None else list(filterset.base_filters)
        return [*names, *PAGE_PARAMETERS]

    def get_queryset(self) -> QuerySet[Any]:
        rows = super().get_queryset()
        assert isinstance(rows, VisibleQuerySet)  # noqa: S101 - no resource without scopes
        user = None if getattr(self, "swagger_fake_view", False) else self.request.user
        return rows.visible_to(user) if isinstance(user, User) else rows.none()

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Filter lists only: one row is named by its address."""
        return super().filter_queryset(queryset) if self.action == "list" else queryset

    @property
    def caller(self) -> User:
        """Return who calls; permissions have refused anonymous callers."""
        user = self.request.user
        assert isinstance(user, User)  # noqa: S101
        return user

    def perform_create(self, serializer: BaseSerializer[Any]) -> None:
        self._save(serializer)

    def perform_update(self, serializer: BaseSerializer[Any]) -> None:
        self._save(serializer)

    def _save(self, serializer: BaseSerializer[Any]) -> None:
        """Write a row, unless the caller would lose their say in it, or never had it."""
        with transaction.atomic():
            row = serializer.save()
            if not may_change(self.caller, row):
                raise PermissionDenied(NOT_YOURS)

    def perform_destroy(self, instance: Any) -> None:
        with transaction.atomic():
            instance.delete()


class ReadableResource(mixins.ListModelMixin, mixins.RetrieveModelMixin, ResourceViewSet):
    """A resource that is only read."""


class ChangeableResource(mixins.UpdateModelMixin, mixins.CreateModelMixin, ReadableResource):
    """A resource that is read, created and changed, and never deleted."""


class DeletableResource(mixins.DestroyModelMixin, ChangeableResource):
    """A resource that may be deleted too."""


def check_parameters(request: Request, known: list[str]) -> None:
    """Raise unless every query parameter is known, given once and not empty."""
    errors = {}
    for name, values in request.query_params.lists():
        if name not in known:
            listing = ", ".join(known) if known else "none"
            errors[name] = [f"This parameter is unknown. Known are: {listing}."]
        elif len(values) > 1:
            errors[name] = ["This parameter is given more than once."]
        elif not values[0]:
            errors[name] = ["This parameter is empty. Give a value, or leave it out."]
    if errors:
        raise ValidationError(errors)
