"""The pages of the app in the back office, gathered for Django."""

from diagnostics.admin import message

__all__ = ["message"]
