"""Pages of one object that are split into tabs, each with an address of its own."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial
from typing import Any

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.template.response import TemplateResponse
from django.urls import path, reverse
from django.utils.translation import gettext_lazy as _

from stations.admin.base import AuditedAdmin
from stations.admin.parts import AdminPart, Tab, parts_of


@dataclass(frozen=True, slots=True)
class ObjectPage:
    """What the view of a tab knows: whose page it is, and for whom it is drawn."""

    admin: "TabbedAdmin"
    request: HttpRequest
    obj: Any
    tab: Tab

    def render(
        self, body: str, context: Mapping[str, Any], *, live_every_s: int | None = None
    ) -> TemplateResponse:
        """Draw `body` within the page, or alone where the page refreshes itself."""
        together = {"page": self, "original": self.obj, "body": body} | dict(context)
        if "HX-Request" in self.request.headers:
            return TemplateResponse(self.request, body, together)
        frame = self.admin.page_context(self.request, self.obj, self.tab.slug)
        together |= frame | {"live_every_s": live_every_s}
        return TemplateResponse(self.request, "admin/stations/tab.html", together)


class TabbedAdmin(AuditedAdmin):
    """An admin whose objects have tabs, of this app and of the parts that later apps add."""

    own_tabs: tuple[Tab, ...] = ()
    tab_order: tuple[str, ...] = ()

    @property
    def parts(self) -> tuple[AdminPart, ...]:
        return parts_of(self.opts.label_lower)

    def all_tabs(self) -> list[Tab]:
        tabs = [*self.own_tabs, *(tab for part in self.parts for tab in part.tabs)]
        return sorted(tabs, key=lambda tab: self.tab_order.index(tab.slug))

    def url_name(self, slug: str) -> str:
        return f"{self.opts.app_label}_{self.opts.model_name}_{slug}"

    def tab_url(self, slug: str, pk: Any) -> str:
        return reverse(f"admin:{self.url_name(slug)}", args=[pk])

    def get_urls(self) -> list[Any]:
        own = [
            path(
                f"<int:object_id>/{tab.slug}/",
                self.admin_site.admin_view(partial(self.tab_view, tab=tab)),
                name=self.url_name(tab.slug),
            )
            for tab in self.all_tabs()
            if tab.view is not no_view
        ]
        return own + super().get_urls()

    def tab_view(self, request: HttpRequest, object_id: int, *, tab: Tab) -> HttpResponse:
        if not request.user.has_perm(tab.permission):
            raise PermissionDenied
        row = self.visible_or_404(request, object_id)
        if request.method == "POST" and not self.may_change(request, row):
            raise PermissionDenied
        return tab.view(ObjectPage(self, request, row, tab))

    def page_context(self, request: HttpRequest, obj: Any, slug: str) -> dict[str, Any]:
        return self.admin_site.each_context(request) | {
            "opts": self.opts,
            "original": obj,
            "title": str(obj),
            "tab_list": self.tab_list(request, obj.pk, slug),
        }

    def tab_list(self, request: HttpRequest, pk: Any, current: str) -> list[dict[str, Any]]:
        items = [
            {
                "title": tab.title,
                "link": self.tab_url(tab.slug, pk),
                "has_permission": request.user.has_perm(tab.permission),
                "active": tab.slug == current,
            }
            for tab in self.all_tabs()
        ]
        return [{"models": [{"name": str(self.opts), "detail": True}], "items": items}]

    def change_view(
        self,
        request: HttpRequest,
        object_id: str,
        form_url: str = "",
        extra_context: dict[str, Any] | None = None,
    ) -> HttpResponse:
        self.visible_or_404(request, object_id)
        context = {"tab_list": self.tab_list(request, object_id, "change")}
        return super().change_view(request, object_id, form_url, context | (extra_context or {}))

    def history_view(
        self, request: HttpRequest, object_id: str, extra_context: dict[str, Any] | None = None
    ) -> HttpResponse:
        self.visible_or_404(request, object_id)
        context = {"tab_list": self.tab_list(request, object_id, "history")}
        return super().history_view(request, object_id, context | (extra_context or {}))


def no_view(page: ObjectPage) -> HttpResponse:
    """Stand for the tabs whose pages the admin itself draws: there is no other page of theirs."""
    raise Http404


def admin_tabs(model: str) -> tuple[Tab, Tab]:
    """Return the tabs of the form and of the audit trail."""
    permission = f"stations.view_{model}"
    return (
        Tab("change", _("Settings"), no_view, permission),
        Tab("history", _("History"), no_view, permission),
    )
