"""Choices of a field from the enum that the domain keeps."""

from enum import StrEnum


def choices(words: type[StrEnum]) -> list[tuple[str, str]]:
    """Return (value, label) pairs; the label is the value as a person would write it."""
    return [(word.value, word.value.replace("_", " ").capitalize()) for word in words]
