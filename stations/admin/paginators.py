"""Pages of long lists without counting them."""

from typing import Any, cast

from django.core.paginator import Paginator
from django.db.models import QuerySet
from django.utils.functional import cached_property

# More rows than any list has; nothing is counted, and nothing is shown of it.
ENDLESS = 10**12


class BoundedPaginator(Paginator[Any]):
    """Counts no further than `bound` rows: what lies beyond is found by search and filters."""

    bound = 2_000
    template_name = "admin/pagination_bounded.html"

    @cached_property
    def count(self) -> int:
        """Return how many rows there are, `bound` at most."""
        rows = cast(QuerySet[Any], self.object_list)
        return rows.order_by().values("pk")[: self.bound].count()

    @property
    def is_cut(self) -> bool:
        """Say whether there may be more rows than were counted."""
        return self.count >= self.bound


class SeekPaginator(Paginator[Any]):
    """One page of rows, newest first, and a link to those below its last id; counts nothing."""

    template_name = "admin/pagination_seek.html"

    @cached_property
    def count(self) -> int:
        """Return a number beyond all rows: a list whose end is in sight is shown as a whole."""
        return ENDLESS
