"""What later apps add to the pages of this one, named in settings.ADMIN_PARTS."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from functools import cache
from typing import TYPE_CHECKING, Any, ClassVar, cast

from django.conf import settings
from django.db.models import QuerySet
from django.forms import Form
from django.http import HttpRequest, HttpResponse
from django.utils.module_loading import import_string

from stations.models import User

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise

    from stations.admin.tabs import ObjectPage


def changeable(rows: Any, user: User) -> QuerySet[Any]:
    """Return the rows that `user` may change."""
    return cast(QuerySet[Any], rows.changeable_by(user))


def serviceable(rows: Any, user: User) -> QuerySet[Any]:
    """Return the rows that `user` may send commands to."""
    return cast(QuerySet[Any], rows.serviceable_by(user))


@dataclass(frozen=True, slots=True)
class Tab:
    """One tab of an object's page, with an address of its own."""

    slug: str
    title: "_StrOrPromise"
    view: "Callable[[ObjectPage], HttpResponse]"
    permission: str


@dataclass(frozen=True, slots=True)
class BulkAction:
    """Something done to many rows, after a page that states what will happen.

    Every row must be in the `scope` of who asks. `apply` gets the request, the rows and the
    form's data, and returns what to tell the user; a ValidationError that it raises is shown on
    the form.
    """

    name: str
    title: "_StrOrPromise"
    explanation: "_StrOrPromise"
    permission: str
    form: type[Form]
    apply: Callable[[HttpRequest, QuerySet[Any], dict[str, Any]], str]
    scope: Callable[[Any, User], QuerySet[Any]] = changeable


class AdminPart:
    """What an app adds to a list and to the page of an object; this one adds nothing."""

    tabs: ClassVar[Sequence[Tab]] = ()
    columns: ClassVar[Sequence[Callable[[Any], str]]] = ()
    filters: ClassVar[Sequence[Any]] = ()
    inlines: ClassVar[Sequence[Any]] = ()
    actions: ClassVar[Sequence[BulkAction]] = ()

    def load(self, rows: Sequence[Any], now: datetime) -> None:
        """Put onto one page of rows what the columns show; a fixed number of queries."""

    def consequences(self, rows: QuerySet[Any]) -> list[str]:
        """Say what someone should know before something is done to `rows`."""
        return []


@cache
def parts_of(model_label: str) -> tuple[AdminPart, ...]:
    """Return the parts for `stations.station` and the like, in the order of the settings."""
    return tuple(import_string(path)() for path in settings.ADMIN_PARTS.get(model_label, ()))
