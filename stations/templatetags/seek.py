"""Links to the rows below the last one of a list."""

from typing import Any

from django import template

register = template.Library()


@register.simple_tag
def older_url(changelist: Any) -> str:
    """Return the address of the rows below the page's last id; empty on the last page."""
    rows = list(changelist.result_list)
    if len(rows) < changelist.list_per_page:
        return ""
    query: str = changelist.get_query_string({"id__lt": rows[-1].pk}, ["p"])
    return query


@register.simple_tag
def newest_url(changelist: Any) -> str:
    """Return the address of the newest rows with the same filters."""
    query: str = changelist.get_query_string(remove=["id__lt", "p"])
    return query
