"""Pages of lists: a cursor, so that deep pages cost no more than the first."""

from rest_framework.pagination import CursorPagination


class CursorPages(CursorPagination):
    """Newest first, by id; `{next, previous, results}`."""

    ordering = "-pk"
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000
