"""The pages of the app in the back office, gathered for Django."""

from scheduling.admin import window

__all__ = ["window"]
