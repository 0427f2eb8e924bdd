"""The one way to draw a status: a coloured badge with its word."""

from typing import Any

from django import template

from stations.models.labels import label

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


def status_label(status: str) -> str:
    """Return the word for people of any status: published, reported, of a command or delivery."""
    return str(label(status))


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
