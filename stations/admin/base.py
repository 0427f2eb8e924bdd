"""What all pages of the back office share: row scope, audit trail, rows that nobody edits."""

from collections.abc import Iterable
from typing import Any, TypeVar, cast

from django.contrib.admin import ShowFacets
from django.core.exceptions import PermissionDenied
from django.core.paginator import Paginator
from django.db.models import Field, ForeignKey, Model, QuerySet, URLField
from django.http import Http404, HttpRequest, HttpResponse
from django.utils.text import capfirst
from simple_history.admin import SimpleHistoryAdmin
from unfold.admin import ModelAdmin, TabularInline
from unfold.views import ChangeList

from stations.admin.paginators import BoundedPaginator
from stations.models import Operator, User
from stations.permissions import may_change, readable
from stations.querysets import VisibleQuerySet

Row = TypeVar("Row", bound=Model)


def user_of(request: HttpRequest) -> User:
    """Return who asks; the pages of the back office are for users who have signed in."""
    return cast(User, request.user)


def sees_everything(request: HttpRequest) -> bool:
    """Say whether the row scope does not apply to the user of the request."""
    user = user_of(request)
    return user.is_active and (user.is_superuser or user.sees_all_operators)


def visible(queryset: QuerySet[Row], request: HttpRequest) -> QuerySet[Row]:
    """Return the rows that the user may see; rows without a scope are for those who see all."""
    if isinstance(queryset, VisibleQuerySet):
        return queryset.visible_to(user_of(request))
    return queryset if sees_everything(request) else queryset.none()


def choices_for(db_field: "ForeignKey[Any, Any]", request: HttpRequest) -> QuerySet[Any]:
    """Return the related rows that the user may choose from: operators only where they work."""
    if db_field.remote_field.model is Operator:
        return Operator.objects.staffed_by(user_of(request))
    return visible(db_field.remote_field.model._default_manager.all(), request)


class UncountedChangeList(ChangeList):
    """A list that never counts the rows which its filters leave out."""

    def get_results(self, request: HttpRequest) -> None:
        super().get_results(request)
        self.full_result_count = self.result_count


class VisibleAdmin(ModelAdmin):
    """The base of all pages: a row that the user may not see does not exist for them."""

    paginator: type[Paginator[Any]] = BoundedPaginator
    show_full_result_count = False
    show_facets = ShowFacets.NEVER
    list_per_page = 50
    list_filter_submit = True
    warn_unsaved_form = True

    def get_queryset(self, request: HttpRequest) -> QuerySet[Any]:
        return visible(super().get_queryset(request), request)

    def get_changelist(self, request: HttpRequest, **kwargs: Any) -> type[ChangeList]:
        return UncountedChangeList

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        if isinstance(db_field, URLField):
            kwargs.setdefault("assume_scheme", "https")
        return super().formfield_for_dbfield(db_field, request, **kwargs)

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs.setdefault("queryset", choices_for(db_field, request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)

    def _get_obj_does_not_exist_redirect(self, *args: Any) -> HttpResponse:
        raise Http404

    def may_change(self, request: HttpRequest, row: Any) -> bool:
        """Say whether the user's role lets them change a row that they see."""
        return may_change(user_of(request), row)

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_permitted = super().has_change_permission(request, obj)
        return is_permitted and (obj is None or self.may_change(request, obj))

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        is_permitted = super().has_delete_permission(request, obj)
        return is_permitted and (obj is None or self.may_change(request, obj))

    def save_related(self, request: HttpRequest, form: Any, formsets: Any, change: bool) -> None:
        """Write what belongs to a row; undo all if the user's role has no say in what it became."""
        super().save_related(request, form, formsets, change)
        if not self.may_change(request, form.instance):
            raise PermissionDenied

    def keeps_operator(self, obj: Any) -> bool:
        """Say whether a row must stay with its operator, since others know it as theirs."""
        return any(field.name == "operator" for field in obj._meta.fields)

    def get_readonly_fields(self, request: HttpRequest, obj: Any = None) -> Any:
        fields = super().get_readonly_fields(request, obj)
        return [*fields, "operator"] if obj is not None and self.keeps_operator(obj) else fields

    def visible_or_404(self, request: HttpRequest, object_id: Any) -> Any:
        row = self.get_object(request, str(object_id))
        if row is None:
            raise Http404
        return row


class AuditedAdmin(SimpleHistoryAdmin, VisibleAdmin):
    """A page whose rows have a history: who, what, before, after, from where."""

    object_history_list_template = "admin/stations/_history.html"

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.visible_or_404(request, object_id)
        return super().history_view(request, object_id, extra_context)

    def history_form_view(
        self, request: HttpRequest, object_id: str, version_id: str, **kwargs: Any
    ) -> HttpResponse:
        self.visible_or_404(request, object_id)
        return super().history_form_view(request, object_id, version_id, **kwargs)


class MaskedTokens(ModelAdmin):
    """Mixed into pages of rows that may hold tokens: the rows in memory are what is shown."""

    token_fields: tuple[str, ...] = ()

    def get_object(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        row = super().get_object(request, *args, **kwargs)
        return None if row is None else shown_to(request, [row], *self.token_fields)[0]

    def get_changelist_instance(self, request: HttpRequest) -> Any:
        changelist = super().get_changelist_instance(request)
        changelist.result_list = shown_to(request, changelist.result_list, *self.token_fields)
        return changelist


def shown_to(request: HttpRequest, rows: Iterable[Row], *names: str) -> list[Row]:
    """Return rows as the user may read them; nobody saves these."""
    shown = list(rows)
    for row in shown:
        for name in names:
            setattr(row, name, readable(user_of(request), getattr(row, name)))
    return shown


class ReadOnly:
    """Rows that stations or the back office itself write: nobody adds, edits or deletes them."""

    def has_add_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_change_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False

    def has_delete_permission(self, request: HttpRequest, obj: Any = None) -> bool:
        return False


class VisibleInline(TabularInline):
    """Rows inside another row's page."""

    extra = 0

    def formfield_for_dbfield(
        self, db_field: "Field[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        field = super().formfield_for_dbfield(db_field, request, **kwargs)
        if field is not None:  # the head of a column is no label to a screen reader
            field.widget.attrs["aria-label"] = capfirst(field.label)
        return field

    def formfield_for_foreignkey(
        self, db_field: "ForeignKey[Any, Any]", request: HttpRequest, **kwargs: Any
    ) -> Any:
        kwargs.setdefault("queryset", choices_for(db_field, request))
        return super().formfield_for_foreignkey(db_field, request, **kwargs)
