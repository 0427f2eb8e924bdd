"""The one way to draw a status: a coloured badge with its word."""

from typing import Any

from django import template
from django.utils.translation import gettext, pgettext_lazy

register = template.Library()

# Colours are names of classes in chargehand/admin.css; each pair of text and ground is WCAG AA.
_COLOURS = {
    "green": ("AVAILABLE", "Available", "accepted", "valid", "delivered", "result", "registered"),
    "blue": ("OCCUPIED", "Occupied", "Charging", "Preparing", "sent", "active"),
    "amber": (
        "MAINTENANCE",
        "SuspendedEV",
        "SuspendedEVSE",
        "Finishing",
        "scheduled",
        "pending",
        "queued",
        "ACTIVATION_PENDING",
    ),
    "violet": ("COMMISSIONING", "SETUP", "RESERVED", "Reserved"),
    "orange": ("BLOCKED", "OUT_OF_SERVICE", "Unavailable", "suspended", "unmatched"),
    "red": (
        "FAULTED",
        "Faulted",
        "OUT_OF_ORDER",
        "rejected",
        "failed",
        "timed_out",
        "blocked",
        "dead",
        "error",
        "malformed",
        "refused",
        "orphan",
        "ignored",
        "offline",
    ),
}
_COLOUR_OF = {word: colour for colour, words in _COLOURS.items() for word in words} | {
    "online": "green",
    "ACTIVE": "green",
}

# Words that people know from other products, kept as they write them.
_LABELS = {
    "AVAILABLE": pgettext_lazy("status", "Available"),
    "OCCUPIED": pgettext_lazy("status", "Occupied"),
    "OUT_OF_SERVICE": pgettext_lazy("status", "Out of Service"),
    "OUT_OF_ORDER": pgettext_lazy("status", "Out of Order"),
    "MAINTENANCE": pgettext_lazy("status", "Maintenance"),
    "COMMISSIONING": pgettext_lazy("status", "Commissioning"),
    "FAULTED": pgettext_lazy("status", "Faulted"),
    "BLOCKED": pgettext_lazy("status", "Blocked"),
    "RESERVED": pgettext_lazy("status", "Reserved"),
    "UNKNOWN": pgettext_lazy("status", "Unknown"),
    "REMOVED": pgettext_lazy("status", "Removed"),
    "SuspendedEV": pgettext_lazy("status", "Suspended by car"),
    "SuspendedEVSE": pgettext_lazy("status", "Suspended by station"),
    "SETUP": pgettext_lazy("set-up", "Set-up"),
    "ACTIVATION_PENDING": pgettext_lazy("set-up", "Activation pending"),
    "ACTIVE": pgettext_lazy("set-up", "Active"),
    "RETIRED": pgettext_lazy("set-up", "Retired"),
    "result": pgettext_lazy("outcome", "Answered"),
}


def status_label(status: str) -> str:
    """Return the word for people of any status: published, reported, of a command or delivery."""
    known = _LABELS.get(status)
    return str(known) if known else gettext(status.replace("_", " ").capitalize())


@register.inclusion_tag("admin/stations/_badge.html")
def status_badge(status: str | None, title: str = "", prefix: str = "") -> dict[str, Any]:
    """Draw the badge of a status; an empty one is drawn as `Unknown`."""
    word = status or "UNKNOWN"
    return {
        "colour": _COLOUR_OF.get(word, "grey"),
        "label": status_label(word),
        "title": title,
        "prefix": prefix,
    }


@register.filter
def status_name(status: str | None) -> str:
    """Return the word for people without a badge."""
    return status_label(status or "UNKNOWN")


@register.filter
def status_colour(status: str | None) -> str:
    """Return the name of the colour that a status is drawn in."""
    return _COLOUR_OF.get(status or "", "grey")
