"""Choices of a field from the enum that the domain keeps."""

from enum import StrEnum

from django.utils.functional import Promise

from stations.models.labels import label


def choices(words: type[StrEnum]) -> list[tuple[str, Promise | str]]:
    """Return (value, label) pairs; labels are translated when they are shown."""
    return [(word.value, label(word.value)) for word in words]
