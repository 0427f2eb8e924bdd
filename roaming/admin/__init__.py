"""The pages of the app in the back office, gathered for Django."""

from roaming.admin import partner

__all__ = ["partner"]
