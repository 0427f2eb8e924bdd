"""PostgreSQL array literals: one text costs far less than a list that is bound by item."""

from collections.abc import Iterable
from typing import Any


def array_literal(values: Iterable[Any]) -> str:
    """Return values as the text of an array: `{1,NULL,"a b"}`; None is NULL.

    Numbers, booleans and times are written plain, everything else quoted as text.
    """
    return "{" + ",".join(map(_element, values)) + "}"


def _element(value: Any) -> str:
    if value is None:
        return "NULL"
    if value is True or value is False:
        return "t" if value else "f"
    if isinstance(value, int):
        return str(value)
    text = str(value)
    if '"' in text or "\\" in text:
        text = text.replace("\\", "\\\\").replace('"', '\\"')
    return f'"{text}"'
