"""Dates and times as OCPI writes them: RFC 3339 in UTC, with `Z`."""

from datetime import UTC, datetime


def written(moment: datetime) -> str:
    """Return a moment in whole seconds with `Z`; the only form that every partner reads."""
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")


def read(text: str) -> datetime:
    """Return the aware moment that a text says, liberally: without a zone it is UTC.

    A `+` that a query string turned into a space is mended. Raises ValueError.
    """
    mended = text.strip().replace(" 00:00", "+00:00") if "T" in text else text.strip()
    moment = datetime.fromisoformat(mended)
    return moment.replace(tzinfo=UTC) if moment.tzinfo is None else moment.astimezone(UTC)
