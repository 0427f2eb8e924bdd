"""Pages of lists: a cursor, so that deep pages cost no more than the first."""

from rest_framework.exceptions import NotFound, ValidationError
from rest_framework.pagination import Cursor, CursorPagination
from rest_framework.request import Request

LARGEST_ID = 2**63 - 1


class CursorPages(CursorPagination):
    """Newest first, by id; `{next, previous, results}`. Nothing is ever counted."""

    ordering = "-pk"
    page_size = 100
    page_size_query_param = "page_size"
    max_page_size = 1000
    template = None

    def get_page_size(self, request: Request) -> int | None:
        wanted = request.query_params.get("page_size", str(self.page_size))
        if not (wanted.isascii() and wanted.isdigit() and int(wanted[:9]) >= 1):
            raise ValidationError({"page_size": ["Enter a whole number from 1."]})
        return min(int(wanted[:9]), self.max_page_size)

    def decode_cursor(self, request: Request) -> Cursor | None:
        try:
            cursor = super().decode_cursor(request)
            position = 0 if cursor is None else int(cursor.position or 0)
        except (NotFound, ValueError):
            position, cursor = -1, None
        if not 0 <= position <= LARGEST_ID:
            raise ValidationError({"cursor": ["This is no cursor. Follow `next` and `previous`."]})
        return cursor
