"""Numbers with their units, and times as people tell them."""

import json
from datetime import datetime, timedelta
from typing import Any

from django import template
from django.template.defaultfilters import floatformat
from django.utils import timezone
from django.utils.translation import gettext as _

register = template.Library()


@register.filter
def kwh(energy_wh: float | None) -> str:
    """Return an energy in Wh as kWh, with as many digits as help."""
    if energy_wh is None:
        return "-"
    value = energy_wh / 1000
    return f"{floatformat(value, 1 if value >= 100 else 2)} kWh"


@register.filter
def kw(power_w: float | None) -> str:
    """Return a power in W as kW."""
    return "-" if power_w is None else f"{floatformat(power_w / 1000, 1)} kW"


@register.filter
def span(duration: timedelta | None) -> str:
    """Return a duration in its largest unit, or two for hours: `45 s`, `12 min`, `3 h 05 min`."""
    if duration is None:
        return "-"
    seconds = int(duration.total_seconds())
    if seconds < 60:
        return _("%(n)d s") % {"n": seconds}
    if seconds < 3600:
        return _("%(n)d min") % {"n": seconds // 60}
    if seconds < 86400:
        return _("%(h)d h %(m)02d min") % {"h": seconds // 3600, "m": seconds % 3600 // 60}
    return _("%(n)d d") % {"n": seconds // 86400}


@register.filter
def duration(session: Any) -> str:
    """Return how long a session has lasted, or lasted; anything with a start and an end."""
    if session.started_at is None:
        return "-"
    return span((session.ended_at or timezone.now()) - session.started_at)


@register.inclusion_tag("admin/stations/_moment.html")
def moment(at: datetime | None, empty: str = "-") -> dict[str, Any]:
    """Draw a time relative to now, with the exact time in a title."""
    if not at:  # an empty text, where a template follows a row that does not exist
        return {"at": None, "empty": empty}
    distance = at - timezone.now()
    words = _("in %(span)s") if distance > timedelta(0) else _("%(span)s ago")
    text = (
        _("just now")
        if abs(distance) < timedelta(seconds=5)
        else words % {"span": span(abs(distance))}
    )
    return {"at": at, "text": text}


@register.filter
def pretty_json(text: Any) -> str:
    """Return JSON, as text or decoded, indented; text that is no JSON is returned as it is."""
    if not isinstance(text, str):
        return json.dumps(text, indent=2, ensure_ascii=False, default=str)
    try:
        return json.dumps(json.loads(text), indent=2, ensure_ascii=False)
    except ValueError:
        return text
