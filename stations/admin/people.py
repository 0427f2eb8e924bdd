"""Users and groups: who may sign in, and what they may do."""

from typing import Any

from django.conf import settings
from django.contrib import admin
from django.contrib.auth.admin import GroupAdmin as DjangoGroupAdmin
from django.contrib.auth.admin import UserAdmin as DjangoUserAdmin
from django.contrib.auth.models import Group
from django.db.models import Q, QuerySet
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import path, reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext_lazy as _
from unfold.forms import AdminPasswordChangeForm, UserChangeForm, UserCreationForm

from stations.admin.base import VisibleAdmin, VisibleInline, sees_everything, user_of
from stations.admin.operator import memberships_for
from stations.models import Membership, User

admin.site.unregister(Group)

# Only those who have all rights may hand them out.
RIGHTS = ("is_staff", "is_superuser", "sees_all_operators", "groups", "user_permissions")


class MembershipInline(VisibleInline):
    model = Membership
    autocomplete_fields = ["operator", "account"]

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return memberships_for(request)


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
        return [*self.readonly_fields, *(() if request.user.is_superuser else RIGHTS)]


@admin.register(Group)
class GroupAdmin(DjangoGroupAdmin, VisibleAdmin):
    """What a group may do is for those to say who see all operators."""
