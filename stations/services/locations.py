"""Locations: their addresses in links."""

from itertools import count

from django.utils.text import slugify

from stations.models import Location

MAX_SLUG_LENGTH = 80


def free_slug(name: str) -> str:
    """Return a slug for `name` that no location has; as many queries as slugs that are taken."""
    stem = slugify(name)[: MAX_SLUG_LENGTH - 6] or "location"
    candidates = (stem if number == 1 else f"{stem}-{number}" for number in count(1))
    return next(slug for slug in candidates if not Location.objects.filter(slug=slug).exists())
