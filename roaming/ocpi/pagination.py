"""Pages of a list, as every list of OCPI has them."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from urllib.parse import urlencode

from roaming.ocpi.datetimes import read
from roaming.ocpi.envelope import Refusal, StatusCode

MAX_LIMIT = 100
# Offsets beyond what any database counts to.
_MAX_OFFSET = 2**31


@dataclass(frozen=True, slots=True)
class Page:
    """What a client asks of a list: last updated in [date_from, date_to), from offset on."""

    date_from: datetime | None
    date_to: datetime | None
    offset: int
    limit: int
    query: Mapping[str, str]

    @property
    def end(self) -> int:
        """Return the position behind the last row of the page."""
        return self.offset + self.limit


def requested_page(query: Mapping[str, str]) -> Page:
    """Return the page that a query string asks for. Raises Refusal (2001)."""
    return Page(
        date_from=_date(query, "date_from"),
        date_to=_date(query, "date_to"),
        offset=min(_number(query, "offset", default=0, least=0), _MAX_OFFSET),
        limit=min(_number(query, "limit", default=MAX_LIMIT, least=1), MAX_LIMIT),
        query=dict(query),
    )


def page_headers(page: Page, *, total: int, url: str) -> dict[str, str]:
    """Return the headers of a page; `Link` to the next one keeps every filter."""
    headers = {"X-Total-Count": str(total), "X-Limit": str(MAX_LIMIT)}
    if page.end < total:
        following = {**page.query, "offset": str(page.end), "limit": str(page.limit)}
        headers["Link"] = f'<{url}?{urlencode(following)}>; rel="next"'
    return headers


def _date(query: Mapping[str, str], name: str) -> datetime | None:
    text = query.get(name)
    if not text:
        return None
    try:
        return read(text)
    except (ValueError, OverflowError) as error:
        raise _invalid(name, text, "a date and time such as 2026-01-31T12:00:00Z") from error


def _number(query: Mapping[str, str], name: str, *, default: int, least: int) -> int:
    text = query.get(name)
    if not text:
        return default
    if not text.isascii() or not text.isdigit() or len(text) > 18 or int(text) < least:
        raise _invalid(name, text, f"a whole number from {least}")
    return int(text)


def _invalid(name: str, text: str, expected: str) -> Refusal:
    return Refusal(StatusCode.INVALID_PARAMETERS, f"{name} is {text[:50]!r}, expected {expected}.")
