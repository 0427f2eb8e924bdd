"""Users and groups: who may sign in, and what they may do."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import ForeignKey, Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from stations.admin.base import VisibleAdmin, VisibleInline, sees_everything, user_of
from stations.admin.operator import changeable_memberships, memberships_for, places_for
from stations.domain.rights import may_govern
from stations.models import Membership, User
from stations.permissions import rights_of

admin.site.unregister(Group)

# Only those who have all rights may hand them out.
RIGHTS = ("is_staff", "is_superuser", "sees_all_operators", "groups", "user_permissions")


# Nobody but a superuser prolongs or ends their own access.
OWN_ACCESS = ("is_active", "valid_until")


class MembershipInline(VisibleInline):
    """The memberships that the user may change; others are on the page of memberships."""

    model = Membership
    autocomplete_fields = ["operator", "account"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return changeable_memberships(request)

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs["queryset"] = places_for(db_field, request)
        return super().formfield_for_foreignkey(db_field, request, **kwargs)


@admin.register(User)
class UserAdmin(DjangoUserAdmin[User], VisibleAdmin):
    form = UserChangeForm
    add_form = UserCreationForm
    change_password_form = AdminPasswordChangeForm
    list_display = ["username", "email", "first_name", "last_name", "is_staff", "valid_until"]
    list_filter = ["is_active", "is_staff", "groups"]
    inlines = [MembershipInline]
    fieldsets = [
        (None, {"fields": ["username", "password"]}),
        (_("Person"), {"fields": [("first_name", "last_name"), "email"]}),
        (_("Pages"), {"fields": [("language", "time_zone")]}),
        (
            _("Access"),
            {
                "fields": [
                    "is_active",
                    "valid_until",
                    "is_staff",
                    "is_superuser",
                    "sees_all_operators",
                    "groups",
                    "user_permissions",
                ]
            },
        ),
        (_("Dates"), {"fields": [("last_login", "date_joined")]}),
    ]
    readonly_fields = ["last_login", "date_joined"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        users = User.objects.all()
        if request.user.is_superuser:
            return users
        users = users.filter(is_superuser=False)
        if sees_everything(request):
            return users
        known = Q(memberships__in=memberships_for(request)) | Q(pk=user_of(request).pk)
        return users.filter(known, sees_all_operators=False).distinct()

    def may_change(self, request: HttpRequest, row: User) -> bool:
        """Say whether the target could do nothing that the caller cannot."""
        return may_govern(rights_of(user_of(request)), rights_of(row))

    def get_inlines(self, request: HttpRequest, obj: Any) -> list[Any]:
        is_ours = obj is None or self.may_change(request, obj)
        return list(self.inlines) if is_ours else []

    def get_urls(self) -> list[Any]:
        view = self.admin_site.admin_view(self.choose_language)
        own = path("language/", view, name="stations_user_language")
        return [own, *super().get_urls()]

    def choose_language(self, request: HttpRequest) -> HttpResponse:
        """Show the pages to the user in another language from now on."""
        wanted, back = request.POST.get("language"), request.POST.get("next", "")
        if request.method == "POST" and wanted in dict(settings.LANGUAGES):
            User.objects.filter(pk=user_of(request).pk).update(language=wanted)
        is_ours = url_has_allowed_host_and_scheme(back, {request.get_host()})
        return HttpResponseRedirect(back if is_ours and back else reverse("admin:index"))

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> list[str]:
        if request.user.is_superuser:
            return list(self.readonly_fields)
        own = OWN_ACCESS if obj is not None and obj.pk == user_of(request).pk else ()
        return [*self.readonly_fields, *RIGHTS, *own]


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, VisibleAdmin):
    """What a group may do is for superusers to say; who sees all operators may read it."""

    def has_add_permission(self, request: HttpRequest) -> bool:
        return user_of(request).is_superuser

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return user_of(request).is_superuser

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return user_of(request).is_superuser
