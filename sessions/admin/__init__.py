"""The pages of the app in the back office, gathered for Django."""

from sessions.admin import session, token

__all__ = ["session", "token"]
